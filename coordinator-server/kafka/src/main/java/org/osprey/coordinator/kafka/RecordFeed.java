package org.osprey.coordinator.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;
import org.jspecify.annotations.Nullable;
import org.osprey.coordinator.codec.MessageDecoder;
import org.osprey.coordinator.codec.UndecodableException;
import org.osprey.coordinator.core.Action;
import org.osprey.coordinator.core.Delivery;
import org.osprey.coordinator.core.InFlight;
import org.osprey.coordinator.core.Intake;
import org.osprey.coordinator.core.Lane;
import org.osprey.coordinator.core.Ticker;
import org.osprey.coordinator.core.Trace;
import org.osprey.coordinator.core.Tracer;
import org.osprey.coordinator.kafka.KafkaSettings.Ordering;

/**
 * Turns records into deliveries and offers them, partition by partition and in order, as long as
 * there is room. Belongs to the source's loop.
 */
final class RecordFeed {
  private static final String SOURCE = "kafka";

  private final Ordering ordering;
  private final MessageDecoder decoder;
  private final Intake intake;
  private final InFlight inFlight;
  private final UndecodableRecords undecodables;
  private final SourceCounts counts;
  private final Ticker ticker;
  private final @Nullable Tracer tracer;

  /** Whether records can be offered, and if not, why. */
  enum Flow {
    OPEN,
    /** This process has as many unfinished records as it may have. */
    IN_FLIGHT_FULL,
    INTAKE_FULL,
    /** The coordinator is going away: nothing will be taken any more. */
    DRAINING,
    /** The owner of the source asked for a pause. */
    PAUSED;

    boolean isFull() {
      return this == IN_FLIGHT_FULL || this == INTAKE_FULL;
    }
  }

  RecordFeed(
      Ordering ordering,
      MessageDecoder decoder,
      Intake intake,
      InFlight inFlight,
      UndecodableRecords undecodables,
      SourceCounts counts,
      Ticker ticker) {
    this.ordering = ordering;
    this.decoder = decoder;
    this.intake = intake;
    this.inFlight = inFlight;
    this.undecodables = undecodables;
    this.counts = counts;
    this.ticker = ticker;
    tracer = intake.tracer();
  }

  /**
   * Offers what waits in the partitions; what their windows cannot take goes on waiting.
   *
   * @return OPEN unless something other than a window stopped it
   */
  Flow offer(Collection<AssignedPartition> partitions) {
    // What has taken room in this process goes first, or it could wait for itself.
    for (AssignedPartition partition : partitions) {
      Flow flow = offerDecoded(partition);
      if (flow != Flow.OPEN) {
        return flow;
      }
    }
    for (AssignedPartition partition : partitions) {
      Flow flow = offer(partition);
      if (flow != Flow.OPEN) {
        return flow;
      }
    }
    return Flow.OPEN;
  }

  /** Waits for room and offers into it, until all is offered or the time is over. */
  Flow offer(Collection<AssignedPartition> partitions, Flow full, Duration atMost)
      throws InterruptedException {
    long end = ticker.nanos() + atMost.toNanos();
    Flow flow = full;
    for (long left = atMost.toNanos(); flow.isFull() && left > 0; left = end - ticker.nanos()) {
      awaitRoom(flow, Duration.ofNanos(left));
      flow = offer(partitions);
    }
    return flow;
  }

  private void awaitRoom(Flow full, Duration atMost) throws InterruptedException {
    if (full == Flow.IN_FLIGHT_FULL) {
      inFlight.awaitRoom(atMost);
    } else if (intake.awaitRoom(atMost)) {
      // There is room, but perhaps not enough for the one delivery that is next: do not spin.
      LockSupport.parkNanos(this, Duration.ofMillis(1).toNanos());
    }
  }

  private Flow offer(AssignedPartition partition) {
    Flow flow = Flow.OPEN;
    while (flow == Flow.OPEN && partition.first() != null) {
      Flow room = decode(partition);
      Flow offered = offerDecoded(partition);
      flow = offered == Flow.OPEN ? room : offered;
    }
    return flow;
  }

  /** Makes one batch of what waits, or less when there is no room in the process. */
  private Flow decode(AssignedPartition partition) {
    while (!partition.decoded().isFull()) {
      ConsumerRecord<byte[], byte[]> record = partition.first();
      if (record == null) {
        return Flow.OPEN;
      }
      long size = Math.max(0, record.serializedValueSize());
      if (!inFlight.tryTake(size)) {
        return Flow.IN_FLIGHT_FULL;
      }
      take(partition, record, size);
    }
    return Flow.OPEN;
  }

  private void take(AssignedPartition partition, ConsumerRecord<byte[], byte[]> record, long size) {
    OffsetWindow window = partition.window();
    long now = ticker.nanos();
    long ticket = window.add(record.offset(), now);
    partition.removeFirst();
    counts.consumed.incrementAndGet();

    UnfinishedRecord unfinished =
        new UnfinishedRecord(partition.id(), record.offset(), window, ticket, inFlight, size);
    Action action;
    try {
      action = decode(record);
    } catch (UndecodableException e) {
      counts.undecodable.incrementAndGet();
      undecodables.put(record, String.valueOf(e.getMessage()), unfinished);
      return;
    }
    String orderingKey = OrderingKey.of(ordering, record);
    Trace trace =
        tracer == null
            ? null
            : tracer.begin(action, Lane.ASYNC, SOURCE, now, name -> header(record, name));
    Delivery delivery = Delivery.async(action, SOURCE, orderingKey, unfinished, trace);
    partition.decoded().add(delivery, unfinished);
  }

  private Flow offerDecoded(AssignedPartition partition) {
    if (partition.decoded().isEmpty()) {
      return Flow.OPEN;
    }
    return switch (partition.decoded().offer(intake)) {
      case ACCEPTED -> Flow.OPEN;
      case FULL -> Flow.INTAKE_FULL;
      case DRAINING -> Flow.DRAINING;
    };
  }

  private Action decode(ConsumerRecord<byte[], byte[]> record) throws UndecodableException {
    byte[] value = record.value();
    if (value == null) {
      throw new UndecodableException("record has no value");
    }
    try {
      return decoder.decode(
          value,
          name -> header(record, name),
          Instant.ofEpochMilli(Math.max(0, record.timestamp())));
    } catch (RuntimeException e) {
      // A bug of ours must not block the partition either.
      throw new UndecodableException("decoder failed: " + e.getClass().getSimpleName(), e);
    }
  }

  private static @Nullable String header(ConsumerRecord<byte[], byte[]> record, String name) {
    Header header = record.headers().lastHeader(name);
    return header == null || header.value() == null ? null : new String(header.value(), UTF_8);
  }
}
