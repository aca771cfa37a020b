package org.osprey.coordinator.core;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Watches a simulation from outside and knows what must never happen. It believes nothing the
 * dispatcher says about itself until the very end.
 */
final class Checker {
  private final Ticker ticker;
  private final Map<Long, Life> lives = new LinkedHashMap<>();
  private final Map<String, Long> lastFirstHandOver = new HashMap<>();
  private long handOvers;
  private int duplicates;

  /** What happened to one accepted action. */
  private static final class Life {
    private final Delivery delivery;
    private final List<Outcome> outcomes = new ArrayList<>();
    private @Nullable Lease live;
    private long liveUntil;
    private boolean handedOver;
    private boolean cancelled;
    private boolean storedAsDeadLetter;

    private Life(Delivery delivery) {
      this.delivery = delivery;
    }
  }

  Checker(Ticker ticker) {
    this.ticker = ticker;
  }

  void accepted(Delivery delivery) {
    lives.put(delivery.action().id(), new Life(delivery));
  }

  void refused(Delivery delivery) {
    lives.remove(delivery.action().id());
  }

  void cancelled(long id) {
    life(id).cancelled = true;
  }

  void finished(long id, Outcome outcome) {
    Life life = life(id);
    life.outcomes.add(outcome);
    require(life.outcomes.size() == 1, "two outcomes", id);
    require(!life.cancelled, "outcome after the caller left", id);
    if (outcome instanceof Outcome.Acked acked) {
      require(acked.equals(Simulation.ackOf(id)), "an ack that no worker gave for this action", id);
    }
    if (outcome instanceof Outcome.DeadLettered && life.delivery.lane() == Lane.ASYNC) {
      require(life.storedAsDeadLetter, "told before the dead letter was stored", id);
    }
    life.live = null;
  }

  void deadLetterStored(long id) {
    life(id).storedAsDeadLetter = true;
  }

  void handedOver(Lease lease, long leaseNanos) {
    long id = lease.action().id();
    Life life = life(id);
    long now = ticker.nanos();
    handOvers++;
    if (life.handedOver) {
      duplicates++;
    }
    require(life.outcomes.isEmpty(), "handed over after its outcome", id);
    require(!life.cancelled, "handed over after the caller left", id);
    require(!life.delivery.expired(now), "handed over after its deadline", id);
    require(life.live == null || life.liveUntil <= now, "out at two workers", id);
    requireOrder(life, id, now);
    life.live = lease;
    life.liveUntil = now + leaseNanos;
    life.handedOver = true;
  }

  /** The hand-over was answered, or its stream ended. */
  void over(Lease lease) {
    Life life = life(lease.action().id());
    if (life.live == lease) {
      life.live = null;
    }
  }

  List<Long> unfinishedSync() {
    return lives.entrySet().stream()
        .filter(life -> life.getValue().delivery.lane() == Lane.SYNC)
        .filter(life -> life.getValue().outcomes.isEmpty() && !life.getValue().cancelled)
        .map(Map.Entry::getKey)
        .toList();
  }

  Delivery delivery(long id) {
    return life(id).delivery;
  }

  /** Accepted = answered, for every single action. */
  void end(DispatcherStats stats) {
    lives.forEach(
        (id, life) ->
            require(
                life.cancelled || life.outcomes.size() == 1,
                "lost, state=" + life.delivery.state,
                id));
    long left = stats.sync().accepted() + stats.async().accepted() + stats.leased();
    left += stats.delayed() + stats.held() + stats.settling() + stats.async().bytes();
    require(left == 0, "something is left behind: " + stats, 0);
  }

  /** What is kept up with each event is what counting all streams gives. */
  void credits(Dispatcher dispatcher) {
    List<StreamStats> streams = dispatcher.streams(Integer.MAX_VALUE);
    DispatcherStats.Credits counted =
        new DispatcherStats.Credits(
            streams.stream().mapToInt(StreamStats::credits).sum(),
            streams.stream().mapToInt(StreamStats::inFlight).sum(),
            (int) streams.stream().filter(stream -> stream.inFlight() > 0).count());
    DispatcherStats.Credits told = dispatcher.stats().credits();
    require(told.equals(counted), "credits are " + told + ", counted " + counted, 0);
  }

  int accepted() {
    return lives.size();
  }

  int duplicates() {
    return duplicates;
  }

  long handOvers() {
    return handOvers;
  }

  private void requireOrder(Life life, long id, long now) {
    String key = life.delivery.orderingKey();
    if (key == null) {
      return;
    }
    for (Life other : lives.values()) {
      boolean out = other.live != null && other.liveUntil > now && other.outcomes.isEmpty();
      require(
          !out || other == life || !key.equals(other.delivery.orderingKey()),
          "out together with another of its key",
          id);
    }
    if (!life.handedOver) {
      Long last = lastFirstHandOver.put(key, id);
      require(last == null || last < id, "overtook action " + last + " of its key", id);
    }
  }

  private Life life(long id) {
    Life life = lives.get(id);
    if (life == null) {
      throw new AssertionError("unknown action " + id);
    }
    return life;
  }

  private static void require(boolean condition, String otherwise, long id) {
    if (!condition) {
      throw new AssertionError(otherwise + ": action_id=" + id);
    }
  }
}
