package org.osprey.coordinator.kafka;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.LongStream;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;
import org.osprey.coordinator.core.Delivery;
import org.osprey.coordinator.core.InFlight;
import org.osprey.coordinator.core.InMemoryDeadLetters;
import org.osprey.coordinator.core.Intake;
import org.osprey.coordinator.core.ManualTicker;
import org.osprey.coordinator.kafka.KafkaSettings.Ordering;
import org.osprey.coordinator.kafka.RecordFeed.Flow;

class RecordFeedTest {
  private static final int WINDOW = 1000;

  private final Room intake = new Room();
  private final InMemoryDeadLetters deadLetters = new InMemoryDeadLetters();
  private final ManualTicker ticker = new ManualTicker();
  private final SourceCounts counts = new SourceCounts();
  private InFlight inFlight = new InFlight(1000, 1 << 20);

  @Test
  void offersInOrderAndInBatches() {
    AssignedPartition partition = partition(0, WINDOW, 0, 100);

    assertEquals(Flow.OPEN, feed().offer(List.of(partition)));

    assertEquals(ids(0, 100), intake.accepted);
    assertEquals(List.of(32, 32, 32, 4), intake.batches);
    assertFalse(partition.hasWaiting());
    assertEquals(100, counts.consumed.get());
  }

  @Test
  void goesOnBehindTheLastThatWasAccepted() {
    AssignedPartition partition = partition(0, WINDOW, 0, 100);
    RecordFeed feed = feed();
    for (int round = 1; round <= 14; round++) {
      intake.room = 7;
      assertEquals(Flow.INTAKE_FULL, feed.offer(List.of(partition)));
      assertEquals(ids(0, 7L * round), intake.accepted);
      assertTrue(partition.hasWaiting());
    }
    intake.room = 7;

    assertEquals(Flow.OPEN, feed.offer(List.of(partition)));
    assertEquals(ids(0, 100), intake.accepted);
    assertEquals(100, inFlight.actions());
  }

  @Test
  void offersWhatTheProcessHasRoomFor() {
    inFlight = new InFlight(10, 1 << 20);
    AssignedPartition partition = partition(0, WINDOW, 0, 15);
    RecordFeed feed = feed();

    assertEquals(Flow.IN_FLIGHT_FULL, feed.offer(List.of(partition)));
    assertEquals(ids(0, 10), intake.accepted);
    LongStream.range(0, 10).forEach(id -> inFlight.giveBack(0));
    assertEquals(Flow.OPEN, feed.offer(List.of(partition)));
    assertEquals(ids(0, 15), intake.accepted);
  }

  @Test
  void offersWhatTheWindowHasRoomFor() {
    AssignedPartition full = partition(0, 5, 0, 10);
    AssignedPartition other = partition(1, WINDOW, 100, 110);

    assertEquals(Flow.OPEN, feed().offer(List.of(full, other)));

    assertEquals(List.of(0L, 1L, 2L, 3L, 4L), intake.accepted.subList(0, 5));
    assertEquals(ids(100, 110), intake.accepted.subList(5, 15));
    assertTrue(full.hasWaiting());
  }

  @Test
  void aRecordThatIsNoActionLeavesTheBatchWhole() {
    AssignedPartition partition = partition(0, WINDOW, 0, 3);
    TopicPartition id = partition.id();
    partition.add(
        List.of(
            KafkaSourceLoopTest.record(id, 3, "poison"), KafkaSourceLoopTest.record(id, 4, "4")),
        5);

    assertEquals(Flow.OPEN, feed().offer(List.of(partition)));

    assertEquals(List.of(0L, 1L, 2L, 4L), intake.accepted);
    assertEquals(List.of(4), intake.batches);
    assertEquals(1, deadLetters.kept().size());
    assertEquals(1, counts.undecodable.get());
    assertEquals(4, inFlight.actions());
  }

  @Test
  void aDeadLetterStoreThatThrowsKeepsNoRoomForEver() {
    AtomicInteger tries = new AtomicInteger();
    UndecodableRecords undecodables =
        new UndecodableRecords(
            letter -> {
              if (tries.incrementAndGet() == 1) {
                throw new IllegalStateException("closed");
              }
              return deadLetters.put(letter);
            },
            ticker);
    AssignedPartition partition = partition(0, WINDOW, 0, 0);
    partition.add(List.of(KafkaSourceLoopTest.record(partition.id(), 0, "poison")), 1);

    assertEquals(Flow.OPEN, feed(undecodables).offer(List.of(partition)));
    assertEquals(1, inFlight.actions());
    undecodables.retryDue();
    assertEquals(1, tries.get());

    ticker.advance(Duration.ofSeconds(1));
    undecodables.retryDue();
    assertEquals(1, deadLetters.kept().size());
    assertEquals(0, inFlight.actions());
    assertEquals(0, inFlight.bytes());
    assertEquals(1, partition.window().position().offset());
  }

  @Test
  void whatHasTakenRoomGoesFirst() {
    inFlight = new InFlight(5, 1 << 20);
    AssignedPartition before = partition(0, WINDOW, 0, 10);
    AssignedPartition fresh = partition(1, WINDOW, 100, 110);
    RecordFeed feed = feed();
    intake.room = 0;
    assertEquals(Flow.INTAKE_FULL, feed.offer(List.of(before)));
    intake.room = 100;

    assertEquals(Flow.IN_FLIGHT_FULL, feed.offer(List.of(fresh, before)));
    assertEquals(ids(0, 5), intake.accepted);
  }

  @Test
  void whatWasNotAcceptedGivesItsRoomBackAtTheEndOfItsEpoch() {
    AssignedPartition partition = partition(0, WINDOW, 0, 100);
    RecordFeed feed = feed();
    intake.room = 5;
    assertEquals(Flow.INTAKE_FULL, feed.offer(List.of(partition)));
    assertEquals(Intake.LARGEST_BATCH, inFlight.actions());

    partition.close();

    assertEquals(5, inFlight.actions());
    assertFalse(partition.hasWaiting());
    assertEquals(0, partition.window().position().offset());
  }

  @Test
  void stopsWhenTheCoordinatorDrains() {
    AssignedPartition partition = partition(0, WINDOW, 0, 100);
    intake.draining = true;

    assertEquals(Flow.DRAINING, feed().offer(List.of(partition)));
    assertEquals(List.of(), intake.accepted);
    assertTrue(partition.hasWaiting());
  }

  private RecordFeed feed() {
    return feed(new UndecodableRecords(deadLetters, ticker));
  }

  private RecordFeed feed(UndecodableRecords undecodables) {
    return new RecordFeed(
        Ordering.NONE, new TestDecoder(), intake, inFlight, undecodables, counts, ticker);
  }

  /** With records from one offset to before another. */
  private static AssignedPartition partition(int number, int window, int from, int to) {
    TopicPartition id = new TopicPartition("actions", number);
    AssignedPartition partition =
        new AssignedPartition(id, new OffsetWindow(window, Integer.MAX_VALUE));
    partition.add(
        LongStream.range(from, to)
            .mapToObj(offset -> KafkaSourceLoopTest.record(id, offset, Long.toString(offset)))
            .toList(),
        to);
    return partition;
  }

  private static List<Long> ids(long from, long to) {
    return LongStream.range(from, to).boxed().toList();
  }

  /** An intake that takes as many as it is told to. */
  private static final class Room implements Intake {
    private final List<Long> accepted = new ArrayList<>();
    private final List<Integer> batches = new ArrayList<>();
    private int room = Integer.MAX_VALUE;
    private boolean draining;

    @Override
    public BatchAdmission offer(List<Delivery> deliveries) {
      batches.add(deliveries.size());
      for (int i = 0; i < deliveries.size(); i++) {
        Admission admission = offer(deliveries.get(i));
        if (admission != Admission.ACCEPTED) {
          return new BatchAdmission(i, admission);
        }
      }
      return new BatchAdmission(deliveries.size(), Admission.ACCEPTED);
    }

    @Override
    public Admission offer(Delivery delivery) {
      if (draining) {
        return Admission.DRAINING;
      }
      if (room == 0) {
        return Admission.FULL;
      }
      room--;
      accepted.add(delivery.action().id());
      return Admission.ACCEPTED;
    }

    @Override
    public boolean awaitRoom(Duration atMost) {
      return room > 0;
    }
  }
}
