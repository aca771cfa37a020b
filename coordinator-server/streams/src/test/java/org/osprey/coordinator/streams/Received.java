package org.osprey.coordinator.streams;

import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.osprey.coordinator.proto.streams.v1.StateUpdate;

/** Keeps the updates that it is told. */
public final class Received implements Consumer<StateUpdate> {
  private static final Duration PATIENCE = Duration.ofMinutes(1);

  private final List<StateUpdate> updates = new ArrayList<>();

  @Override
  public synchronized void accept(StateUpdate update) {
    updates.add(update);
  }

  /** Those of all updates, as they came. */
  public synchronized List<Long> seqs() {
    return updates.stream().map(StateUpdate::getSeq).toList();
  }

  /** That of the last update, 0 before the first. */
  public synchronized long last() {
    return updates.isEmpty() ? 0 : updates.getLast().getSeq();
  }

  public void awaitLast(long seq) {
    await()
        .atMost(PATIENCE)
        .pollDelay(Duration.ZERO)
        .pollInterval(Duration.ofMillis(2))
        .until(() -> last() == seq);
  }
}
