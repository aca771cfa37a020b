package org.osprey.coordinator.collectors.flow;

import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.osprey.coordinator.core.Action;
import org.osprey.coordinator.core.Backoff;
import org.osprey.coordinator.core.IdGenerator;
import org.osprey.coordinator.core.RootMessage;
import org.osprey.coordinator.core.Submissions;
import org.osprey.coordinator.core.Submissions.RefusedException;
import org.osprey.coordinator.core.Submissions.RefusedException.Reason;
import org.osprey.coordinator.core.Ticker;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Submits events as actions. When one is refused for now, it waits until all that are out have an
 * answer, and submits those that were refused again, in order.
 */
final class ActionChannel implements Channel {
  private static final Logger log = LoggerFactory.getLogger(ActionChannel.class);

  /** Submitted at once, of one worker. */
  private static final int MOST_OUT = 256;

  private static final Duration FIRST_BACKOFF = Duration.ofMillis(100);
  private static final Duration LONGEST_BACKOFF = Duration.ofSeconds(5);

  private final Submissions submissions;
  private final IdGenerator ids;
  private final Ticker ticker;
  private final InstantSource clock;
  private final Runnable wake;
  private final Consumer<@Nullable String> trouble;
  private final Backoff backoff;

  /** In order. */
  private final ArrayDeque<Slot> window = new ArrayDeque<>();

  /** Answers that nobody has looked at. */
  private final AtomicInteger answers = new AtomicInteger();

  /** Something was refused, and is submitted again after {@link #again}. */
  private boolean refused;

  private long again;
  private boolean inTrouble;

  /** The state changes once for each time that it is submitted, by the thread that answers. */
  private static final class Slot {
    private final Outgoing outgoing;
    private final Action action;
    private volatile State state = State.OUT;
    private volatile String reason = "";

    Slot(Outgoing outgoing, Action action) {
      this.outgoing = outgoing;
      this.action = action;
    }
  }

  private enum State {
    OUT,
    STORED,
    REFUSED,
    TOO_LARGE
  }

  ActionChannel(
      Submissions submissions,
      IdGenerator ids,
      Ticker ticker,
      InstantSource clock,
      RandomGenerator random,
      Runnable wake,
      Consumer<@Nullable String> trouble) {
    this.submissions = submissions;
    this.ids = ids;
    this.ticker = ticker;
    this.clock = clock;
    this.wake = wake;
    this.trouble = trouble;
    backoff = new Backoff(FIRST_BACKOFF, LONGEST_BACKOFF, random::nextDouble);
  }

  @Override
  public int room() {
    return refused ? 0 : MOST_OUT - window.size();
  }

  @Override
  public void send(List<Outgoing> events) {
    for (Outgoing outgoing : events) {
      Slot slot = new Slot(outgoing, action(outgoing));
      window.add(slot);
      submit(slot);
    }
  }

  private Action action(Outgoing outgoing) {
    return new Action(
        ids.next(),
        outgoing.destination(),
        Action.Encoding.JSON,
        outgoing.event().body(),
        null,
        clock.instant());
  }

  private void submit(Slot slot) {
    slot.state = State.OUT;
    submissions
        .submit(slot.action)
        .whenComplete(
            (nothing, failure) -> {
              slot.reason = failure == null ? "" : RootMessage.of(failure);
              slot.state = state(failure);
              answers.incrementAndGet();
              wake.run();
            });
  }

  private static State state(@Nullable Throwable failure) {
    if (failure == null) {
      return State.STORED;
    }
    Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
    boolean tooLarge =
        cause instanceof RefusedException refusal && refusal.reason() == Reason.TOO_LARGE;
    return tooLarge ? State.TOO_LARGE : State.REFUSED;
  }

  @Override
  public void settle(Settlements settlements, Duration atMost) {
    if (answers.getAndSet(0) > 0) {
      look(settlements);
    }
    if (refused && window.stream().noneMatch(slot -> slot.state == State.OUT)) {
      submitAgain();
    }
  }

  private void look(Settlements settlements) {
    for (Iterator<Slot> slots = window.iterator(); slots.hasNext(); ) {
      Slot slot = slots.next();
      switch (slot.state) {
        case OUT -> {}
        case STORED -> {
          slots.remove();
          settlements.published(slot.outgoing);
          well();
        }
        case TOO_LARGE -> {
          slots.remove();
          log.warn("event is no action: {} cause=\"{}\"", slot.action, slot.reason);
          settlements.lost(slot.outgoing, Loss.TOO_LARGE);
        }
        case REFUSED -> refused(slot.reason);
      }
    }
  }

  private void refused(String reason) {
    if (!refused) {
      refused = true;
      again = ticker.nanos() + backoff.next().toNanos();
    }
    if (!inTrouble) {
      inTrouble = true;
      trouble.accept(reason);
    }
  }

  private void well() {
    if (!refused) {
      backoff.reset();
      if (inTrouble) {
        inTrouble = false;
        trouble.accept(null);
      }
    }
  }

  private void submitAgain() {
    if (ticker.nanos() - again < 0) {
      return;
    }
    refused = false;
    window.forEach(this::submit);
  }

  @Override
  public int unsettled() {
    return window.size();
  }

  /** What is out may be stored all the same, and is an action twice then. */
  @Override
  public List<Outgoing> abandon(Settlements settlements) {
    look(settlements);
    List<Outgoing> left = new ArrayList<>();
    window.forEach(slot -> left.add(slot.outgoing));
    window.clear();
    return left;
  }

  @Override
  public void close() {
    if (inTrouble) {
      inTrouble = false;
      trouble.accept(null);
    }
  }
}
