package org.osprey.coordinator.collectors.lifecycle;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicLong;
import org.osprey.coordinator.collector.Event;
import org.osprey.coordinator.collectors.flow.Flows;
import org.osprey.coordinator.collectors.flow.LaneSettings;
import org.osprey.coordinator.collectors.flow.LaneStats;

/** Publishes every event at once, and knows who may emit. */
final class FakeFlows implements Flows {
  private final Map<String, Lane> lanes = new ConcurrentSkipListMap<>();

  /** Why a collector's events cannot be kept, by its name. */
  final Map<String, String> troubles = new ConcurrentHashMap<>();

  private static final class Lane {
    final AtomicLong received = new AtomicLong();
    final List<LaneSettings> opened = new ArrayList<>();
    final Map<Way, Boolean> open = new ConcurrentHashMap<>();
  }

  @Override
  public Entry open(String collector, LaneSettings settings) {
    Lane lane = lanes.computeIfAbsent(collector, name -> new Lane());
    synchronized (lane) {
      lane.opened.add(settings);
      lane.open.clear();
      Way way = new Way(collector, lane);
      lane.open.put(way, true);
      return way;
    }
  }

  @Override
  public Optional<String> trouble(String collector) {
    return Optional.ofNullable(troubles.get(collector));
  }

  /** How often a collector got a way in. */
  int opened(String collector) {
    Lane lane = lanes.get(collector);
    if (lane == null) {
      return 0;
    }
    synchronized (lane) {
      return lane.opened.size();
    }
  }

  long received(String collector) {
    Lane lane = lanes.get(collector);
    return lane == null ? 0 : lane.received.get();
  }

  @Override
  public List<LaneStats> stats() {
    return lanes.entrySet().stream()
        .map(lane -> stats(lane.getKey(), lane.getValue().received.get()))
        .toList();
  }

  private static LaneStats stats(String collector, long received) {
    return new LaneStats(collector, received, 0, received, Map.of(), 0, 0, 0, 0, 100, 0);
  }

  private record Way(String collector, Lane lane) implements Entry {
    @Override
    public void emit(Event event, Runnable settled) {
      if (!lane.open.containsKey(this)) {
        throw new ClosedException(collector);
      }
      lane.received.incrementAndGet();
      settled.run();
    }

    @Override
    public void close() {
      lane.open.remove(this);
    }

    @Override
    public boolean equals(Object other) {
      return this == other;
    }

    @Override
    public int hashCode() {
      return System.identityHashCode(this);
    }
  }
}
