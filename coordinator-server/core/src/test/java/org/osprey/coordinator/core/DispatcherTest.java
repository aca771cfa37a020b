package org.osprey.coordinator.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;
import org.osprey.coordinator.core.DispatcherSettings.Bounds;
import org.osprey.coordinator.core.Intake.Admission;

class DispatcherTest {
  private final DispatcherFixture core = new DispatcherFixture();
  private final RecordingTarget target = new RecordingTarget();
  private final RecordingTarget other = new RecordingTarget();

  @Test
  void anAckEndsTheDeliveryAndAsksForTheNext() {
    core.offer(core.async(1));
    core.offer(core.async(2));
    WorkerStream stream = core.connect(target);
    assertEquals(List.of(1L), target.actionIds());

    core.ack(stream, target.last());

    assertEquals(List.of(Outcome.Acked.EMPTY), core.outcomes(1));
    assertEquals(List.of(1L, 2L), target.actionIds());
    assertEquals(List.of(), core.outcomes(2));
  }

  @Test
  void actionsGoToTheStreamThatWaitedLongest() {
    WorkerStream first = core.connect(target);
    core.connect(other);
    core.offer(core.async(1));
    core.ack(first, target.last());
    core.offer(core.async(2));
    core.offer(core.async(3));

    assertEquals(List.of(1L, 3L), target.actionIds());
    assertEquals(List.of(2L), other.actionIds());
  }

  @Test
  void syncGoesBeforeAsync() {
    core.offer(core.async(1));
    core.offer(core.sync(2, Duration.ofSeconds(5)));
    core.connect(target);
    assertEquals(List.of(2L), target.actionIds());
  }

  @Test
  void anAgedAsyncActionGetsOneHandOverInTwenty() {
    for (int id = 1; id <= 5; id++) {
      core.offer(core.async(id));
    }
    core.pass(Duration.ofSeconds(31));
    for (int id = 100; id < 200; id++) {
      core.offer(core.sync(id, Duration.ofMinutes(5)));
    }
    WorkerStream stream = core.connect(target);
    for (int i = 0; i < 99; i++) {
      core.ack(stream, target.last());
    }
    assertEquals(5, target.actionIds().stream().filter(id -> id < 100).count());
  }

  @Test
  void aYoungAsyncActionWaitsForAllSyncOnes() {
    core.offer(core.async(1));
    for (int id = 100; id < 140; id++) {
      core.offer(core.sync(id, Duration.ofMinutes(5)));
    }
    WorkerStream stream = core.connect(target);
    for (int i = 0; i < 40; i++) {
      core.ack(stream, target.last());
    }
    assertEquals(1, target.last().action().id());
  }

  @Test
  void theEndOfAStreamRedeliversAtOnceAndInOrder() {
    WorkerStream stream = core.connect(target, 3, ActionNames.ALL);
    for (int id = 1; id <= 4; id++) {
      core.offer(core.async(id));
    }
    assertEquals(List.of(1L, 2L, 3L), target.actionIds());

    core.dispatcher.lose(stream);
    core.connect(other, 4, ActionNames.ALL);

    assertEquals(List.of(1L, 2L, 3L, 4L), other.actionIds());
    assertNotEquals(target.leases.get(0).ackId(), other.leases.get(0).ackId());
    assertEquals(3, core.count(Count.LEASES_LOST));
  }

  @Test
  void closingTwiceChangesNothing() {
    WorkerStream stream = core.connect(target);
    core.dispatcher.lose(stream);
    core.dispatcher.lose(stream);
    core.offer(core.async(1));
    assertEquals(List.of(), target.actionIds());
    assertEquals(1, core.count(Count.STREAMS_CLOSED));
    assertEquals(0, core.dispatcher.stats().connected());
  }

  @Test
  void aRetiredStreamAnswersWhatItHasAndIsEnded() {
    WorkerStream stream = core.connect(target);
    core.offer(core.async(1));
    core.offer(core.async(2));
    core.dispatcher.retire(stream);
    core.ack(stream, target.last());
    assertEquals(List.of(1L), target.actionIds());
    assertEquals(List.of(Outcome.Acked.EMPTY), core.outcomes(1));
    assertEquals(1, target.ends);
  }

  @Test
  void anExpiredLeaseGoesToAnotherWorkerAfterABackoffAndItsHolderGetsNothing() {
    core.connect(target);
    core.offer(core.async(1));
    core.pass(DispatcherFixture.LEASE.minusSeconds(1));
    core.connect(other);
    core.pass(Duration.ofMillis(1100));
    assertEquals(List.of(), other.actionIds());
    core.pass(Duration.ofMillis(500));
    assertEquals(List.of(1L), other.actionIds());
    core.offer(core.async(2));
    assertEquals(List.of(1L), target.actionIds());
    assertEquals(1, core.count(Count.LEASES_EXPIRED));
  }

  @Test
  void leaseTimesDependOnTheName() {
    DispatcherSettings settings = withLeases(Map.of("quick", Duration.ofSeconds(1)));
    DispatcherFixture fixture = new DispatcherFixture(settings, null);
    fixture.connect(target, 2, ActionNames.ALL);
    fixture.offer(fixture.async(1, "quick", null));
    fixture.offer(fixture.async(2, "slow", null));
    fixture.pass(Duration.ofMillis(1100));
    assertEquals(1, fixture.count(Count.LEASES_EXPIRED));
    assertEquals(1, fixture.dispatcher.stats().leased());
  }

  @Test
  void aLateAckIsHonouredOnce() {
    WorkerStream late = core.connect(target);
    core.offer(core.async(1));
    core.pass(DispatcherFixture.LEASE.plusSeconds(1));
    WorkerStream second = core.connect(other);
    assertEquals(List.of(1L), other.actionIds());

    core.ack(late, target.last());
    core.ack(second, other.last());

    assertEquals(List.of(Outcome.Acked.EMPTY), core.outcomes(1));
    assertEquals(1, core.count(Count.LATE_ACKS_HONOURED));
    assertEquals(1, core.count(Count.LATE_ANSWERS_IGNORED));
    core.offer(core.async(2));
    assertEquals(2, target.last().action().id());
  }

  @Test
  void aLateAckSparesTheRetryThatWaits() {
    WorkerStream late = core.connect(target);
    core.offer(core.async(1));
    core.pass(DispatcherFixture.LEASE.plusMillis(50));
    core.ack(late, target.last());
    core.pass(Duration.ofMinutes(1));
    assertEquals(List.of(1L), target.actionIds());
    assertEquals(List.of(Outcome.Acked.EMPTY), core.outcomes(1));
  }

  @Test
  void wrongRepeatedAndZeroAckIdsAreCountedAndCreditedToNobody() {
    WorkerStream stream = core.connect(target);
    WorkerStream stranger = core.connect(other);
    core.offer(core.async(1));
    Lease lease = target.last();

    core.dispatcher.ack(stream, lease.ackId() + 1, Outcome.Acked.EMPTY);
    core.dispatcher.ack(stream, 0, Outcome.Acked.EMPTY);
    core.ack(stranger, lease);
    assertEquals(List.of(), core.outcomes(1));
    core.ack(stream, lease);
    core.ack(stream, lease);

    assertEquals(List.of(Outcome.Acked.EMPTY), core.outcomes(1));
    assertEquals(4, core.count(Count.UNKNOWN_ACK_IDS));
  }

  @Test
  void nackedAsyncActionsAreTriedAgainLaterThenDeadLettered() {
    WorkerStream stream = core.connect(target);
    core.offer(core.async(1));
    for (int i = 1; i <= 3; i++) {
      assertEquals(i, target.leases.size());
      core.dispatcher.nack(stream, target.last().ackId());
      core.pass(Duration.ofSeconds(3));
    }
    assertEquals(List.of(new Outcome.DeadLettered(DeadLetter.Reason.NACKED)), core.outcomes(1));
    DeadLetter letter = core.deadLetters.kept().getFirst();
    assertEquals(
        new DeadLetter(
            DeadLetter.Reason.NACKED,
            "test",
            "",
            new DeadLetter.Decoded(target.last().action()),
            3,
            0,
            "nacked by worker worker",
            null),
        letter);
    assertEquals(0, core.dispatcher.stats().async().accepted());
  }

  @Test
  void aRetryDoesNotOvertake() {
    WorkerStream stream = core.connect(target);
    core.offer(core.async(1));
    core.offer(core.async(2));
    core.offer(core.async(3));
    core.dispatcher.nack(stream, target.last().ackId());
    core.pass(Duration.ofSeconds(1));
    core.ack(stream, target.last());
    core.ack(stream, target.last());
    assertEquals(List.of(1L, 2L, 3L, 1L), target.actionIds());
  }

  @Test
  void anActionThatKillsItsWorkersIsDeadLettered() {
    core.offer(core.async(1));
    for (int i = 0; i < 5; i++) {
      core.dispatcher.lose(core.connect(target));
    }
    assertEquals(5, target.leases.size());
    assertEquals(
        List.of(new Outcome.DeadLettered(DeadLetter.Reason.WORKERS_LOST)), core.outcomes(1));
  }

  @Test
  void aWorkerThatLeavesInGoodOrderIsNoDeathUntilTooManyDo() {
    core.offer(core.async(1));
    for (int i = 0; i < 99; i++) {
      core.dispatcher.leave(core.connect(target));
    }
    assertEquals(List.of(), core.outcomes(1));
    core.dispatcher.leave(core.connect(target));
    assertEquals(
        List.of(new Outcome.DeadLettered(DeadLetter.Reason.WORKERS_LOST)), core.outcomes(1));
    assertEquals(100, core.count(Count.LEASES_RETURNED));
    assertEquals(0, core.count(Count.LEASES_LOST));
  }

  @Test
  void aNackedSyncActionAnswersItsCallerAtOnce() {
    WorkerStream stream = core.connect(target);
    core.offer(core.sync(1, Duration.ofSeconds(5)));
    core.dispatcher.nack(stream, target.last().ackId());
    assertEquals(List.of(new Outcome.Nacked()), core.outcomes(1));
  }

  @Test
  void aSyncActionWhoseWorkerDiedGoesToAnother() {
    WorkerStream stream = core.connect(target);
    core.offer(core.sync(1, Duration.ofSeconds(5)));
    core.dispatcher.lose(stream);
    WorkerStream second = core.connect(other);
    core.ack(second, other.last());
    assertEquals(List.of(Outcome.Acked.EMPTY), core.outcomes(1));
  }

  @Test
  void anExpiredSyncActionLeavesTheQueue() {
    core.offer(core.sync(1, Duration.ofSeconds(5)));
    core.pass(Duration.ofMillis(5_020));
    assertEquals(List.of(new Outcome.Expired()), core.outcomes(1));
    core.connect(target);
    assertEquals(List.of(), target.actionIds());
    assertEquals(0, core.dispatcher.stats().sync().accepted());
  }

  @Test
  void aSyncActionIsNotHandedOverAfterItsDeadlineEvenBeforeTheTick() {
    core.offer(core.sync(1, Duration.ofSeconds(5)));
    core.ticker.advance(Duration.ofSeconds(6));
    core.connect(target);
    assertEquals(List.of(), target.actionIds());
    assertEquals(List.of(new Outcome.Expired()), core.outcomes(1));
  }

  @Test
  void aCancelledSyncActionIsNeverHandedOverAndItsCallerHearsNothing() {
    Delivery delivery = core.sync(1, Duration.ofSeconds(5));
    core.offer(delivery);
    core.dispatcher.cancel(delivery);
    core.dispatcher.cancel(delivery);
    core.connect(target);
    assertEquals(List.of(), target.actionIds());
    assertEquals(List.of(), core.outcomes(1));
    assertEquals(1, core.count(Count.CALLERS_GONE));
  }

  @Test
  void anAnswerForACallerWhoLeftIsIgnoredAndTheStreamGoesOn() {
    WorkerStream stream = core.connect(target);
    Delivery delivery = core.sync(1, Duration.ofSeconds(5));
    core.offer(delivery);
    core.dispatcher.cancel(delivery);
    core.offer(core.async(2));
    core.ack(stream, target.last());
    assertEquals(List.of(1L, 2L), target.actionIds());
    assertEquals(1, core.count(Count.LATE_ANSWERS_IGNORED));
  }

  @Test
  void aFullLaneRefusesAndHasRoomAgainAfterAnOutcome() {
    DispatcherFixture fixture = new DispatcherFixture(withAsync(new Bounds(2, 1 << 20)), null);
    assertEquals(Admission.ACCEPTED, fixture.offer(fixture.async(1)));
    assertEquals(Admission.ACCEPTED, fixture.offer(fixture.async(2)));
    assertEquals(Admission.FULL, fixture.offer(fixture.async(3)));
    assertEquals(Admission.ACCEPTED, fixture.offer(fixture.sync(4, Duration.ofSeconds(1))));
    WorkerStream stream = fixture.connect(target);
    fixture.ack(stream, target.last());
    fixture.ack(stream, target.last());
    assertEquals(Admission.ACCEPTED, fixture.offer(fixture.async(3)));
    assertEquals(1, fixture.count(Count.ASYNC_REFUSED_FULL));
  }

  @Test
  void bytesBoundTheLaneToo() {
    long two = 2 * (2 + ActionQueue.OVERHEAD_BYTES);
    DispatcherFixture fixture = new DispatcherFixture(withAsync(new Bounds(100, two)), null);
    fixture.offer(fixture.async(1));
    fixture.offer(fixture.async(2));
    assertEquals(Admission.FULL, fixture.offer(fixture.async(3)));
    assertEquals(two, fixture.dispatcher.stats().async().bytes());
  }

  @Test
  void anEmptyLaneAdmitsAnythingOnce() {
    DispatcherFixture fixture = new DispatcherFixture(withAsync(new Bounds(100, 1)), null);
    assertEquals(Admission.ACCEPTED, fixture.offer(fixture.async(1)));
    assertEquals(Admission.FULL, fixture.offer(fixture.async(2)));
  }

  @Test
  void twoActionsOfOneKeyAreNeverOutTogetherAndKeepTheirOrder() {
    WorkerStream stream = core.connect(target, 10, ActionNames.ALL);
    core.offer(core.async(1, "a", "k"));
    core.offer(core.async(2, "b", "k"));
    core.offer(core.async(3, "a", "other"));
    core.offer(core.async(4, "a", null));
    core.offer(core.async(5, "a", "k"));
    assertEquals(List.of(1L, 3L, 4L), target.actionIds());

    core.dispatcher.nack(stream, target.leases.get(0).ackId());
    assertEquals(List.of(1L, 3L, 4L), target.actionIds());
    core.pass(Duration.ofSeconds(1));
    core.ack(stream, target.last());
    core.ack(stream, target.last());
    core.ack(stream, target.last());

    assertEquals(List.of(1L, 3L, 4L, 1L, 2L, 5L), target.actionIds());
    assertEquals(0, core.dispatcher.stats().held());
  }

  @Test
  void aWorkerGetsOnlyTheNamesItTakes() {
    core.offer(core.async(1, "guild_created", null));
    core.offer(core.async(2, "user_login", null));
    core.offer(core.async(3, "user_logout", null));
    WorkerStream users = core.connect(target, 1, ActionNames.parse("user_*"));
    core.ack(users, target.last());
    core.ack(users, target.last());
    core.offer(core.async(4, "guild_created", null));
    assertEquals(List.of(2L, 3L), target.actionIds());
    core.offer(core.async(5, "user_login", null));
    assertEquals(List.of(2L, 3L, 5L), target.actionIds());
  }

  @Test
  void anIdleStreamIsEndedAndGetsNothingMore() {
    core.connect(target);
    core.pass(Duration.ofSeconds(19));
    assertEquals(0, target.ends);
    core.pass(Duration.ofSeconds(22));
    assertEquals(1, target.ends);
    core.offer(core.async(1));
    assertEquals(List.of(), target.actionIds());
    assertEquals(1, core.count(Count.STREAMS_ENDED_IDLE));
  }

  @Test
  void aBusyStreamIsNotEnded() {
    WorkerStream stream = core.connect(target);
    for (int id = 1; id <= 10; id++) {
      core.offer(core.async(id));
      core.pass(Duration.ofSeconds(10));
      core.ack(stream, target.last());
      core.pass(Duration.ofSeconds(5));
    }
    assertEquals(0, target.ends);
  }

  @Test
  void anUnwritableStreamGetsNothing() {
    WorkerStream stream = core.connect(target, 10, ActionNames.ALL);
    core.dispatcher.setWritable(stream, false);
    core.offer(core.async(1));
    assertEquals(List.of(), target.actionIds());
    core.dispatcher.setWritable(stream, true);
    assertEquals(List.of(1L), target.actionIds());
  }

  @Test
  void drainingFinishesWhatIsOutServesCallersAndEndsStreams() throws InterruptedException {
    WorkerStream busy = core.connect(target);
    core.connect(other);
    core.offer(core.async(1));
    core.offer(core.async(2));
    core.dispatcher.lose(core.connect(new RecordingTarget()));
    core.offer(core.async(3));
    core.offer(core.sync(4, Duration.ofSeconds(50)));

    core.dispatcher.drain();

    assertEquals(Admission.DRAINING, core.offer(core.sync(5, Duration.ofSeconds(5))));
    assertEquals(0, other.ends);
    core.ack(busy, target.last());
    assertEquals(4, target.last().action().id());
    core.ack(busy, target.last());
    assertEquals(1, target.ends);
    assertEquals(List.of(), core.outcomes(3));
    assertEquals(false, core.dispatcher.awaitDrained(Duration.ZERO));
    core.ack(other.last().stream(), other.last());
    assertEquals(1, other.ends);
    assertTrue(core.dispatcher.awaitDrained(Duration.ZERO));
  }

  @Test
  void callersThatStillWaitAtTheEndAreTold() {
    core.offer(core.sync(1, Duration.ofSeconds(5)));
    core.dispatcher.drain();
    core.dispatcher.rejectCallers();
    assertEquals(
        List.of(new Outcome.Rejected(Outcome.Rejected.Reason.SHUTTING_DOWN)), core.outcomes(1));
  }

  @Test
  void theSourceIsToldOnlyAfterTheResultIsPublished() {
    List<CompletableFuture<Void>> stages = new ArrayList<>();
    ResultSink sink = (delivery, acked) -> addTo(stages);
    DispatcherFixture fixture = new DispatcherFixture(DispatcherSettings.DEFAULTS, sink);
    WorkerStream stream = fixture.connect(target);
    fixture.offer(fixture.async(1));
    Outcome.Acked acked = new Outcome.Acked(null, new byte[] {1});
    fixture.dispatcher.ack(stream, target.last().ackId(), acked);
    assertEquals(List.of(), fixture.outcomes(1));

    stages.get(0).completeExceptionally(new IllegalStateException("sink is down"));
    fixture.pass(Duration.ofSeconds(1));
    assertEquals(2, stages.size());
    assertEquals(List.of(), fixture.outcomes(1));
    stages.get(1).complete(null);

    assertEquals(List.of(acked), fixture.outcomes(1));
    assertEquals(1, fixture.count(Count.STORE_FAILURES));
  }

  @Test
  void aHandleThatThrowsCostsNobodyElse() {
    WorkerStream stream = core.connect(target);
    core.offer(
        Delivery.async(
            DispatcherFixture.action(1, "a"),
            "test",
            null,
            outcome -> {
              throw new IllegalStateException("broken handle");
            }));
    core.offer(core.async(2));
    core.ack(stream, target.last());
    assertEquals(List.of(1L, 2L), target.actionIds());
  }

  @Test
  void aDeliveryIsOfferedOnce() {
    Delivery delivery = core.async(1);
    core.offer(delivery);
    assertThrows(IllegalStateException.class, () -> core.offer(delivery));
  }

  @Test
  void everyCountStartsAtZero() {
    assertEquals(Count.values().length, core.dispatcher.stats().counts().size());
    core.dispatcher.stats().counts().forEach((count, value) -> assertEquals(0L, value));
  }

  private static CompletionStage<Void> addTo(List<CompletableFuture<Void>> stages) {
    CompletableFuture<Void> stage = new CompletableFuture<>();
    stages.add(stage);
    return stage;
  }

  private static DispatcherSettings withAsync(Bounds async) {
    DispatcherSettings defaults = DispatcherSettings.DEFAULTS;
    return new DispatcherSettings(
        defaults.sync(),
        async,
        defaults.leases(),
        defaults.retries(),
        defaults.agedAfter(),
        defaults.agedShare(),
        defaults.idleStream());
  }

  private static DispatcherSettings withLeases(Map<String, Duration> byName) {
    DispatcherSettings defaults = DispatcherSettings.DEFAULTS;
    return new DispatcherSettings(
        defaults.sync(),
        defaults.async(),
        new DispatcherSettings.Leases(Duration.ofSeconds(60), byName),
        defaults.retries(),
        defaults.agedAfter(),
        defaults.agedShare(),
        defaults.idleStream());
  }
}
