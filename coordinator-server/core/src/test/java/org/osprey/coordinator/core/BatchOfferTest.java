package org.osprey.coordinator.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.osprey.coordinator.core.DispatcherSettings.Bounds;
import org.osprey.coordinator.core.DispatcherSettings.Recent;
import org.osprey.coordinator.core.Intake.Admission;
import org.osprey.coordinator.core.Intake.BatchAdmission;

class BatchOfferTest {
  private final RecordingTarget target = new RecordingTarget();

  @Test
  void aBatchGoesOutInItsOrder() {
    DispatcherFixture core = new DispatcherFixture();
    core.connect(target, 2, ActionNames.ALL);

    assertEquals(
        new BatchAdmission(4, Admission.ACCEPTED), core.dispatcher.offer(batch(core, 1, 4)));
    core.connect(target, 2, ActionNames.ALL);

    assertEquals(List.of(1L, 2L, 3L, 4L), target.actionIds());
    assertEquals(4, core.count(Count.ASYNC_ACCEPTED));
    assertEquals(0, core.count(Count.ASYNC_REFUSED_FULL));
  }

  @Test
  void anEmptyBatchIsAccepted() {
    DispatcherFixture core = new DispatcherFixture();

    assertEquals(
        new BatchAdmission(0, Admission.ACCEPTED), core.dispatcher.offer(List.<Delivery>of()));
  }

  @Test
  void whatHasNoRoomCanBeOfferedAgain() {
    DispatcherFixture core = withAsync(new Bounds(3, 1 << 20));
    List<Delivery> batch = batch(core, 1, 5);

    assertEquals(new BatchAdmission(3, Admission.FULL), core.dispatcher.offer(batch));
    List<Delivery> rest = batch.subList(3, 5);
    assertEquals(new BatchAdmission(0, Admission.FULL), core.dispatcher.offer(rest));
    assertEquals(2, core.count(Count.ASYNC_REFUSED_FULL));
    WorkerStream stream = core.connect(target);
    core.ack(stream, target.last());
    core.ack(stream, target.last());
    assertEquals(new BatchAdmission(2, Admission.ACCEPTED), core.dispatcher.offer(rest));
    for (int i = 0; i < 3; i++) {
      core.ack(stream, target.last());
    }

    assertEquals(List.of(1L, 2L, 3L, 4L, 5L), target.actionIds());
    LongStream.rangeClosed(1, 5)
        .forEach(id -> assertEquals(List.of(Outcome.Acked.EMPTY), core.outcomes(id)));
    assertEquals(0, core.dispatcher.stats().async().bytes());
  }

  @Test
  void nothingPassesTheOneThatIsTooLarge() {
    DispatcherFixture core = withAsync(new Bounds(10, 1000));
    List<Delivery> batch = batch(core, 1, 3);
    byte[] large = new byte[900];
    Action action = new Action(2, "a", Action.Encoding.JSON, large, null, core.wallTime);
    batch.set(1, Delivery.async(action, "test", null, outcome -> {}));

    assertEquals(new BatchAdmission(1, Admission.FULL), core.dispatcher.offer(batch));
    assertEquals(1, core.dispatcher.stats().async().accepted());
  }

  @Test
  void aDrainingCoordinatorTakesNoneOfIt() {
    DispatcherFixture core = new DispatcherFixture();
    core.dispatcher.drain();

    assertEquals(
        new BatchAdmission(0, Admission.DRAINING), core.dispatcher.offer(batch(core, 1, 3)));
    assertEquals(1, core.count(Count.REFUSED_DRAINING));
    assertEquals(0, core.dispatcher.stats().async().accepted());
  }

  @Test
  void actionsOfOneKeyWaitForEachOtherWithinABatch() {
    DispatcherFixture core = new DispatcherFixture();
    WorkerStream stream = core.connect(target, 10, ActionNames.ALL);

    core.dispatcher.offer(
        List.of(core.async(1, "a", "key"), core.async(2, "a", "key"), core.async(3, "a", null)));
    assertEquals(List.of(1L, 3L), target.actionIds());
    assertEquals(1, core.dispatcher.stats().held());
    core.ack(stream, target.leases.getFirst());

    assertEquals(List.of(1L, 3L, 2L), target.actionIds());
  }

  @Test
  void eachWaitsUntilItIsDue() {
    DispatcherFixture core = new DispatcherFixture();
    core.connect(target, 10, ActionNames.ALL);
    Action due =
        new Action(
            1,
            "a",
            Action.Encoding.JSON,
            new byte[0],
            null,
            core.wallTime,
            core.wallTime.plusSeconds(5));

    core.dispatcher.offer(List.of(Delivery.async(due, "test", null, outcome -> {}), core.async(2)));
    assertEquals(List.of(2L), target.actionIds());
    core.pass(Duration.ofSeconds(6));

    assertEquals(List.of(2L, 1L), target.actionIds());
  }

  @Test
  void aReplayWithinABatchIsAnsweredAndTheRestGoesOn() {
    DispatcherFixture core =
        fixture(DispatcherSettings.DEFAULTS.async(), new Recent(10, 1000, Duration.ofMinutes(1)));
    WorkerStream stream = core.connect(target);
    core.offer(core.async(1));
    core.ack(stream, target.last());

    assertEquals(
        new BatchAdmission(2, Admission.ACCEPTED), core.dispatcher.offer(batch(core, 1, 2)));
    assertEquals(2, core.outcomes(1).size());
    assertEquals(List.of(1L, 2L), target.actionIds());
  }

  @Test
  void aLargerBatchIsRefusedAsAWhole() {
    DispatcherFixture core = new DispatcherFixture();
    List<Delivery> batch = batch(core, 1, Intake.LARGEST_BATCH + 1);

    assertThrows(IllegalArgumentException.class, () -> core.dispatcher.offer(batch));
    assertEquals(0, core.dispatcher.stats().async().accepted());
  }

  @Test
  void targetsAreCalledWithoutTheLock() {
    DispatcherFixture core = new DispatcherFixture();
    List<DispatcherStats> seen = new ArrayList<>();
    Target asking =
        new Target() {
          @Override
          public void lease(Lease lease) {
            seen.add(
                CompletableFuture.supplyAsync(core.dispatcher::stats)
                    .orTimeout(10, TimeUnit.SECONDS)
                    .join());
          }

          @Override
          public void end() {}
        };
    core.dispatcher.connect("worker", ActionNames.ALL, 10, asking);

    core.dispatcher.offer(batch(core, 1, 3));

    assertEquals(3, seen.size());
    assertTrue(seen.stream().allMatch(stats -> stats.async().accepted() == 3));
  }

  private static DispatcherFixture withAsync(Bounds bounds) {
    return fixture(bounds, Recent.OFF);
  }

  private static DispatcherFixture fixture(Bounds async, Recent recent) {
    DispatcherSettings usual = DispatcherSettings.DEFAULTS;
    return new DispatcherFixture(
        new DispatcherSettings(
            usual.sync(),
            async,
            usual.leases(),
            usual.retries(),
            usual.agedAfter(),
            usual.agedShare(),
            usual.idleStream(),
            recent),
        null);
  }

  private static List<Delivery> batch(DispatcherFixture core, long first, long last) {
    List<Delivery> batch = new ArrayList<>();
    for (long id = first; id <= last; id++) {
      batch.add(core.async(id));
    }
    return batch;
  }
}
