package org.osprey.coordinator.collectors.flow;

import java.util.EnumMap;
import java.util.Map;
import org.osprey.coordinator.collectors.flow.Channel.Loss;

/** Counts what becomes of the events of one collector. Not thread-safe. */
final class Ledger {
  private long received;
  private long recovered;
  private long published;
  private long sampledOut;
  private final Map<Loss, Long> dropped = new EnumMap<>(Loss.class);

  /** Taken from the ring, and not settled. */
  private long underway;

  /** On disk, also while underway from there. */
  private long spilled;

  private long lastEventNanos;

  void received(long nanos) {
    received++;
    lastEventNanos = nanos;
  }

  void sampledOut() {
    sampledOut++;
  }

  void recovered(long events) {
    recovered += events;
    spilled += events;
  }

  void dropped(Loss reason, long events) {
    dropped.merge(reason, events, Long::sum);
  }

  /** They left the ring. */
  void taken(long events) {
    underway += events;
  }

  void published(long fromRing, long fromDisk) {
    published += fromRing + fromDisk;
    underway -= fromRing;
    spilled -= fromDisk;
  }

  void lost(Loss reason, boolean fromDisk) {
    dropped(reason, 1);
    if (fromDisk) {
      spilled--;
    } else {
      underway--;
    }
  }

  /** What had left the ring is on disk. */
  void stored(long events) {
    underway -= events;
    spilled += events;
  }

  /** What had left the ring cannot be stored, and the flow ends. */
  void stopped(long events) {
    underway -= events;
    dropped(Loss.STOPPED, events);
  }

  /** It is on disk and cannot be read. */
  void corrupt(long events) {
    spilled -= events;
    dropped(Loss.CORRUPT, events);
  }

  long underway() {
    return underway;
  }

  LaneStats stats(String collector, Buffer buffer, int capacity) {
    return new LaneStats(
        collector,
        received,
        recovered,
        published,
        dropped,
        sampledOut,
        buffer.count() + underway,
        spilled,
        buffer.bytes(),
        capacity,
        lastEventNanos);
  }
}
