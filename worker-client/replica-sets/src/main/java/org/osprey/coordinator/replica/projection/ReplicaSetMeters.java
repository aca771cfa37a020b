package org.osprey.coordinator.replica.projection;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import java.util.ArrayList;
import java.util.List;
import java.util.function.DoubleSupplier;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.osprey.coordinator.replica.member.Assignment;
import org.osprey.coordinator.replica.member.ReplicaSetMember;

/**
 * What a worker shows in a registry of its user's, until it is closed. The only class that needs
 * Micrometer, which is there for those alone who give a registry.
 */
final class ReplicaSetMeters implements AutoCloseable {
  private static final String PREFIX = "replica_sets.";

  private final MeterRegistry registry;
  private final Tags tags;
  private final List<Meter> meters = new ArrayList<>();

  /** A registry itself holds them only weakly. */
  private final List<LongSupplier> counted = new ArrayList<>();

  ReplicaSetMeters(MeterRegistry registry, String replicaSet) {
    this.registry = registry;
    this.tags = Tags.of("replica_set", replicaSet);
  }

  void add(ReplicaSetMember member, ProjectionWork work) {
    counter("generation.changes", tags, "Generations that this worker began.", work::generations);
    gauge(
        "generation",
        null,
        tags,
        "The generation in which this worker works; 0 for none.",
        () -> generation(member));
    gauge("workers", null, tags, "Workers who share the work.", () -> partitions(member));
    gauge("slots", null, tags, "Slots that this worker has, of 64.", () -> slots(member));
    counter(
        "heartbeat.failures",
        tags,
        "Heartbeats of this worker that failed.",
        member::heartbeatFailures);
    counter(
        "coordination.timeouts",
        tags,
        "Workers whom this worker threw out, as they did not stop in time.",
        member::coordinationTimeouts);
  }

  /** Whether new events are heard of. */
  void addListening(DoubleSupplier listening) {
    gauge(
        "listening",
        null,
        tags,
        "1 when this worker hears of new events at once, 0 when it finds them by polling.",
        listening);
  }

  void add(String projection, ProjectionStats stats, LongSupplier nanos) {
    Tags each = tags.and("projection", projection);
    gauge(
        "lag",
        "events",
        each,
        "Positions from the slowest slot of this worker to the last event.",
        stats::lag);
    gauge(
        "gap.age",
        "seconds",
        each,
        "For how long a position is waited for that may still be committed.",
        () -> stats.gapSeconds(nanos.getAsLong()));
    counter("dead.positions", each, "Positions that belong to no event.", stats.deadPositions::sum);
    counter("batches", each, "Transactions that moved the position.", stats.batches::sum);
    counter("events", each, "Events that were handled.", stats.events::sum);
    counter("parked.events", each, "Events that were put aside.", stats.parked::sum);
    counter("handler.failures", each, "Times a handler threw.", stats.handlerFailures::sum);
  }

  private void counter(String name, Tags labels, String description, LongSupplier value) {
    counted.add(value);
    meters.add(
        FunctionCounter.builder(PREFIX + name, value, LongSupplier::getAsLong)
            .tags(labels)
            .description(description)
            .register(registry));
  }

  private void gauge(
      String name, @Nullable String unit, Tags labels, String description, DoubleSupplier value) {
    meters.add(
        Gauge.builder(PREFIX + name, value::getAsDouble)
            .baseUnit(unit)
            .tags(labels)
            .description(description)
            .register(registry));
  }

  private static double generation(ReplicaSetMember member) {
    Assignment assignment = member.assignment();
    return assignment == null ? 0 : assignment.generation();
  }

  private static double partitions(ReplicaSetMember member) {
    Assignment assignment = member.assignment();
    return assignment == null ? 0 : assignment.partitions();
  }

  private static double slots(ReplicaSetMember member) {
    Assignment assignment = member.assignment();
    return assignment == null ? 0 : assignment.slots().size();
  }

  @Override
  public void close() {
    meters.forEach(registry::remove);
  }
}
