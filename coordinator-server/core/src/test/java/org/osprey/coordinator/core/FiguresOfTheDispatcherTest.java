package org.osprey.coordinator.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.osprey.coordinator.core.DispatcherStats.Credits;

/** What metrics and autoscalers are told. */
class FiguresOfTheDispatcherTest {
  private static final Duration WAIT = Duration.ofMinutes(10);

  private final DispatcherFixture core = new DispatcherFixture();
  private final RecordingTarget target = new RecordingTarget();

  @Test
  void creditsFollowEachHandOverAndAnswer() {
    assertEquals(new Credits(0, 0, 0), credits());
    WorkerStream wide = core.connect(target, 3, ActionNames.ALL);
    core.offer(core.async(1));
    core.offer(core.async(2));
    assertEquals(new Credits(3, 2, 1), credits());
    core.connect(new RecordingTarget());
    assertEquals(new Credits(4, 2, 1), credits());
    core.ack(wide, target.last());
    core.ack(wide, target.last());
    assertEquals(new Credits(4, 1, 1), credits(), "an answer counts once");
    core.dispatcher.retire(wide);
    core.dispatcher.lose(wide);
    core.dispatcher.lose(wide);
    assertEquals(new Credits(1, 1, 1), credits(), "the other one has the action now");
  }

  @Test
  void anExpiredLeaseStillTakesItsCredit() {
    WorkerStream stream = core.connect(target);
    core.offer(core.async(1));
    core.pass(DispatcherFixture.LEASE);
    assertEquals(new Credits(1, 1, 1), credits());
    assertEquals(0, core.dispatcher.stats().leased());
    core.ack(stream, target.last());
    assertEquals(new Credits(1, 0, 0), credits());
  }

  @Test
  void eachRedeliveryHasItsReason() {
    WorkerStream first = core.connect(target);
    core.offer(core.async(1));
    core.dispatcher.nack(first, target.last().ackId());
    core.pass(WAIT);
    core.dispatcher.lose(first);
    WorkerStream second = core.connect(target);
    core.pass(DispatcherFixture.LEASE);
    core.dispatcher.leave(second);
    assertEquals(1, core.count(Count.REDELIVERED_NACKED));
    assertEquals(List.of(2L, 0L, 0L), expiredLostReturned());
  }

  @Test
  void aWorkerThatDiesOrLeavesIsAReasonToo() {
    core.offer(core.async(1));
    core.dispatcher.lose(core.connect(target));
    core.dispatcher.leave(core.connect(target));
    assertEquals(List.of(0L, 1L, 1L), expiredLostReturned());
    assertEquals(0, core.count(Count.REDELIVERED_NACKED));
  }

  @Test
  void whatIsGivenUpIsNoRedelivery() {
    core.offer(core.async(1));
    for (int death = 0; death < 5; death++) {
      core.dispatcher.lose(core.connect(target));
    }
    assertEquals(List.of(0L, 4L, 0L), expiredLostReturned());
    assertEquals(1, core.count(Count.DEAD_LETTERED_WORKERS_LOST));
    assertEquals(0, core.count(Count.SYNC_WORKERS_LOST));
  }

  @Test
  void syncActionsThatFailAreCountedByCause() {
    core.offer(core.sync(1, WAIT));
    for (int death = 0; death < 5; death++) {
      core.dispatcher.lose(core.connect(target));
    }
    core.offer(core.sync(2, WAIT));
    core.dispatcher.drain();
    core.offer(core.sync(3, WAIT));
    core.offer(core.async(4));
    core.dispatcher.rejectCallers();
    core.dispatcher.rejectCallers();
    assertEquals(3, core.count(Count.SYNC_OFFERED));
    assertEquals(1, core.count(Count.SYNC_WORKERS_LOST));
    assertEquals(2, core.count(Count.SYNC_REJECTED_DRAINING));
    assertEquals(2, core.count(Count.REFUSED_DRAINING));
  }

  @Test
  void aPictureIsOfOneMoment() {
    WorkerStream stream = core.connect(target);
    core.offer(core.sync(1, WAIT));
    core.ticker.advance(Duration.ofSeconds(2));
    core.ack(stream, target.last());
    DispatcherPicture picture = core.dispatcher.picture();
    assertEquals(1, picture.durations(Lane.SYNC).outstanding().count());
    assertEquals(2, picture.durations(Lane.SYNC).outstanding().sumSeconds());
    assertEquals(0, picture.durations(Lane.ASYNC).outstanding().count());
    assertEquals(1, picture.stats().count(Count.SYNC_ACKED));
  }

  @Test
  void theWorkloadIsWhatAnAutoscalerNeeds() {
    Workload idle = workload();
    assertEquals(new Workload(0, Duration.ZERO, 0, 0, 0), idle);
    assertFalse(idle.active());
    core.offer(core.async(1));
    core.ticker.advance(Duration.ofSeconds(3));
    core.offer(core.sync(2, WAIT));
    core.ticker.advance(Duration.ofSeconds(1));
    assertEquals(new Workload(2, Duration.ofSeconds(4), 0, 0, 0), workload());
    core.connect(target);
    core.connect(new RecordingTarget());
    core.connect(new RecordingTarget());
    core.connect(new RecordingTarget());
    assertEquals(new Workload(0, Duration.ZERO, 2, 4, 0.5), workload());
    assertTrue(workload().active());
  }

  private Workload workload() {
    return Workload.of(core.dispatcher.stats());
  }

  private Credits credits() {
    return core.dispatcher.stats().credits();
  }

  private List<Long> expiredLostReturned() {
    return List.of(
        core.count(Count.REDELIVERED_EXPIRED),
        core.count(Count.REDELIVERED_LOST),
        core.count(Count.REDELIVERED_RETURNED));
  }
}
