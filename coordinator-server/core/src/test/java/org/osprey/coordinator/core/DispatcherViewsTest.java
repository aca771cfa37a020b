package org.osprey.coordinator.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** What an operator sees of the dispatcher. */
class DispatcherViewsTest {
  private static final Duration SECOND = Duration.ofSeconds(1);

  private final DispatcherFixture core = new DispatcherFixture();
  private final RecordingTarget target = new RecordingTarget();
  private final RecordingTarget other = new RecordingTarget();

  @Test
  void streamsAreListedThoseWhoHoldMostFirst() {
    core.connect(other, 1, ActionNames.parse("x*"));
    WorkerStream busy = core.connect(target, 3, ActionNames.parse("b*"));
    core.offer(core.async(1, "b1", null));
    core.offer(core.async(2, "b2", null));
    core.pass(SECOND);
    core.ack(busy, target.leases.getFirst());
    core.pass(SECOND);

    List<StreamStats> streams = core.dispatcher.streams(10);
    assertEquals(List.of(2L, 1L), streams.stream().map(StreamStats::id).toList());
    StreamStats first = streams.getFirst();
    assertEquals("worker", first.clientId());
    assertEquals(3, first.credits());
    assertEquals(1, first.inFlight());
    assertEquals(1, first.acks());
    assertEquals(0, first.nacks());
    assertEquals(SECOND.multipliedBy(2), first.connected());
    assertEquals(SECOND, first.silent());
    assertEquals(List.of(first), core.dispatcher.streams(1));
  }

  @Test
  void aStreamThatLeftIsNotListed() {
    WorkerStream stream = core.connect(target);
    core.dispatcher.leave(stream);
    assertEquals(List.of(), core.dispatcher.streams(10));
    assertEquals(0, core.dispatcher.stats().connected());
  }

  @Test
  void anIdleStreamIsDisconnectedAtOnce() {
    core.connect(target);
    assertTrue(core.dispatcher.disconnect(1));
    assertEquals(1, target.ends);
    core.offer(core.async(1));
    assertEquals(List.of(), target.leases);
  }

  @Test
  void aBusyStreamIsDisconnectedOnceItHasAnswered() {
    WorkerStream stream = core.connect(target);
    core.offer(core.async(1));
    core.offer(core.async(2));
    assertTrue(core.dispatcher.disconnect(1));
    assertTrue(core.dispatcher.disconnect(1));
    assertEquals(0, target.ends);
    core.ack(stream, target.last());
    assertEquals(1, target.ends);
    assertEquals(List.of(1L), target.actionIds());
    assertEquals(List.of(Outcome.Acked.EMPTY), core.outcomes(1));
  }

  @Test
  void anUnknownStreamIsNotDisconnected() {
    assertFalse(core.dispatcher.disconnect(1));
  }

  @Test
  void theLastEndedActionsAreRemembered() {
    WorkerStream stream = core.connect(target);
    for (int id = 1; id <= 200; id++) {
      core.offer(core.async(id));
      core.pass(Duration.ofMillis(20));
      core.ack(stream, target.last());
    }
    List<EndedAction> ended = core.dispatcher.ended(1_000);
    assertEquals(
        LongStream.rangeClosed(73, 200).map(id -> 273 - id).boxed().toList(),
        ended.stream().map(EndedAction::id).toList());
    EndedAction second = ended.get(1);
    assertEquals("a", second.name());
    assertEquals("test", second.source());
    assertEquals(Lane.ASYNC, second.lane());
    assertEquals(EndedAction.Kind.ACKED, second.outcome());
    assertEquals(Duration.ofMillis(20), second.took());
    assertEquals(Duration.ofMillis(20), second.ago());
    assertEquals(1, core.dispatcher.ended(1).size());
  }

  @Test
  void howActionsEndIsRemembered() {
    WorkerStream stream = core.connect(target);
    core.offer(core.sync(1, SECOND));
    core.dispatcher.nack(stream, target.last().ackId());
    core.offer(core.sync(2, SECOND));
    core.pass(SECOND.multipliedBy(2));
    assertEquals(
        List.of(EndedAction.Kind.EXPIRED, EndedAction.Kind.NACKED),
        core.dispatcher.ended(10).stream().map(EndedAction::outcome).toList());
  }

  @Test
  void durationsAreCountedByLane() {
    core.offer(core.async(1));
    core.pass(SECOND);
    WorkerStream stream = core.connect(target);
    core.pass(SECOND);
    core.ack(stream, target.last());

    DurationStats async = core.dispatcher.picture().durations(Lane.ASYNC);
    assertEquals(1, async.queued().count());
    assertEquals(1.0, async.queued().sumSeconds());
    assertEquals(1, async.outstanding().count());
    assertEquals(2.0, async.outstanding().sumSeconds());
    DurationStats sync = core.dispatcher.picture().durations(Lane.SYNC);
    assertEquals(0, sync.queued().count());
    assertEquals(0, sync.outstanding().count());
  }

  @Test
  void onlyTheFirstHandOverCountsAsTimeInTheQueue() {
    WorkerStream first = core.connect(target);
    core.connect(other);
    core.offer(core.async(1));
    core.dispatcher.lose(first);
    assertEquals(List.of(1L), other.actionIds());
    assertEquals(1, core.dispatcher.picture().durations(Lane.ASYNC).queued().count());
  }
}
