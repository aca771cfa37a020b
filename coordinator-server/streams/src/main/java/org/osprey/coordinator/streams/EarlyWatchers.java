package org.osprey.coordinator.streams;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.osprey.coordinator.proto.streams.v1.SubscriptionCommand;

/**
 * Those who registered with a stream that does not exist: it may be created a moment later, as
 * commands and subscriptions come on two subjects, which know no order between them. Belongs to the
 * thread of its shard.
 */
final class EarlyWatchers {
  private static final Duration PATIENCE = Duration.ofSeconds(1);
  private static final int MOST = 1_000;

  private final Stage stage;
  private final Map<String, List<Early>> waiting = new HashMap<>();
  private int count;

  /** One of them. */
  private final class Early {
    private final SubscriptionCommand command;
    private final Consumer<SubscriptionCommand> joined;
    private final Runnable disappointed;
    private final Alarm giveUp;

    private Early(
        String streamId,
        SubscriptionCommand command,
        Consumer<SubscriptionCommand> joined,
        Runnable disappointed) {
      this.command = command;
      this.joined = joined;
      this.disappointed = disappointed;
      giveUp = new Alarm(now -> leave(streamId, this), now -> leave(streamId, this));
    }
  }

  EarlyWatchers(Stage stage) {
    this.stage = stage;
  }

  /**
   * @param joined told when the stream was created
   * @param disappointed told when it was not
   * @return false when too many wait
   */
  boolean park(
      String streamId,
      SubscriptionCommand command,
      Consumer<SubscriptionCommand> joined,
      Runnable disappointed,
      long now) {
    if (count == MOST) {
      return false;
    }
    Early early = new Early(streamId, command, joined, disappointed);
    waiting.computeIfAbsent(streamId, id -> new ArrayList<>(1)).add(early);
    count++;
    stage.arm(early.giveUp, now + PATIENCE.toNanos());
    return true;
  }

  /** The stream is there. */
  void join(String streamId) {
    List<Early> came = waiting.remove(streamId);
    if (came != null) {
      for (Early early : came) {
        count--;
        stage.disarm(early.giveUp);
        early.joined.accept(early.command);
      }
    }
  }

  private void leave(String streamId, Early early) {
    List<Early> others = waiting.get(streamId);
    if (others == null || !others.remove(early)) {
      return;
    }
    count--;
    if (others.isEmpty()) {
      waiting.remove(streamId);
    }
    early.disappointed.run();
  }
}
