package org.osprey.coordinator.collectors.nats;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.osprey.coordinator.collectors.flow.Channel.Loss;
import org.osprey.coordinator.collectors.nats.Answers.Answer;
import org.osprey.coordinator.collectors.nats.Confirmations.Refusal;
import org.osprey.coordinator.collectors.nats.Window.State;

/**
 * Finds out what became of events that were sent, oldest first, and says so in the window. Belongs
 * to the worker.
 */
final class Outcomes {
  private final Window window;
  private final Answers answers;
  private final Confirmations confirmations;
  private final PublishCounts counts;

  /** Those that may concern events which are not over. */
  private final List<Refusal> refusals = new ArrayList<>();

  /** All before it are over. */
  private long first;

  private volatile @Nullable Trouble trouble;

  /** Why events of a subject do not arrive. */
  private record Trouble(String subject, String cause) {}

  Outcomes(Window window, Answers answers, Confirmations confirmations, PublishCounts counts) {
    this.window = window;
    this.answers = answers;
    this.confirmations = confirmations;
    this.counts = counts;
  }

  /** The oldest that is not over. */
  long first() {
    first = Math.max(first, window.first());
    return first;
  }

  /** Any thread: what is wrong, or null. */
  @Nullable String trouble() {
    Trouble now = trouble;
    return now == null ? null : "subject %s: %s".formatted(now.subject, now.cause);
  }

  void troubled(long position, String cause) {
    trouble = new Trouble(window.event(position).destination(), cause);
  }

  /** Goes on as far as outcomes are known. */
  void advance() {
    long confirmed = confirmations.confirmed();
    takeRefusals();
    for (first = first(); first < window.next() && isOver(first, confirmed); first++) {}
    if (!refusals.isEmpty() && (first == window.next() || window.state(first) == State.SENT_CORE)) {
      refusals.removeIf(refusal -> refusal.end() <= confirmed);
    }
  }

  /** Those that nobody would tell of any more: lost, or to be sent again. */
  void connectionLost() {
    advance();
    long confirmed = confirmations.confirmed();
    for (long position = first(); position < window.next(); position++) {
      if (isOver(position, confirmed)) {
        continue;
      }
      if (window.state(position) == State.SENT_CORE) {
        counts.unconfirmedLost();
        window.lost(position, Loss.UNCONFIRMED);
      } else if (window.state(position) == State.SENT_STREAM) {
        sendAgain(position);
      }
    }
    window.rewind();
  }

  void sendAgain(long position) {
    counts.failed();
    answers.forget(position);
    window.waitsAgain(position);
  }

  /** It is never sent, or was sent and not taken. */
  void lost(long position, Loss reason) {
    counts.failed();
    window.lost(position, reason);
  }

  /** Whether the outcome of one is known; says so in the window then. */
  boolean isOver(long position) {
    return isOver(position, confirmations.confirmed());
  }

  private boolean isOver(long position, long confirmed) {
    return switch (window.state(position)) {
      case PUBLISHED, LOST -> true;
      case WAITING -> false;
      case SENT_CORE -> window.stamp(position) < confirmed && isRead(position);
      case SENT_STREAM -> isAnswered(position);
    };
  }

  private boolean isRead(long position) {
    if (isRefused(position)) {
      troubled(position, "the server refuses it, the login has no permission to publish there");
      lost(position, Loss.REFUSED);
    } else {
      published(position);
    }
    return true;
  }

  private boolean isAnswered(long position) {
    Answer answer = answers.of(position);
    switch (answer) {
      case NONE, FAILED -> {}
      case STORED -> published(position);
      case TOO_LARGE -> {
        troubled(position, "an event was larger than the stream takes");
        lost(position, Loss.TOO_LARGE);
      }
    }
    return answer == Answer.STORED || answer == Answer.TOO_LARGE;
  }

  private void published(long position) {
    window.published(position);
    Trouble now = trouble;
    if (now != null && now.subject.equals(window.event(position).destination())) {
      trouble = null;
    }
  }

  private void takeRefusals() {
    for (Refusal next = confirmations.takeRefusal();
        next != null;
        next = confirmations.takeRefusal()) {
      refusals.add(next);
    }
  }

  private boolean isRefused(long position) {
    if (refusals.isEmpty()) {
      return false;
    }
    long ticket = window.stamp(position);
    String subject = window.event(position).destination();
    return refusals.stream()
        .anyMatch(
            refusal ->
                ticket >= refusal.from()
                    && ticket < refusal.end()
                    && refusal.subjects().contains(subject));
  }
}
