package org.osprey.coordinator.core;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.osprey.coordinator.core.DispatcherSettings.Recent;
import org.osprey.coordinator.core.Outcome.Acked;

class RecentOutcomesTest {
  private static final Duration TIME = Duration.ofMinutes(1);
  private static final byte[] VERDICTS = {1, 2, 3};

  private final RecordingTarget target = new RecordingTarget();

  @Test
  void aReplayGetsTheKnownAnswerWithoutAWorker() {
    DispatcherFixture core = fixture(new Recent(10, 1000, TIME));
    WorkerStream stream = core.connect(target);
    core.offer(core.async(1));
    core.dispatcher.ack(stream, target.last().ackId(), new Acked(VERDICTS, new byte[] {9}));

    core.offer(core.sync(1, Duration.ofSeconds(1)));
    core.offer(core.async(1));
    core.offer(core.async(2));

    assertEquals(List.of(1L, 2L), target.actionIds());
    assertEquals(3, core.outcomes(1).size());
    Acked answer = assertInstanceOf(Acked.class, core.outcomes(1).getLast());
    assertArrayEquals(VERDICTS, answer.verdicts());
    assertNull(answer.executionResult(), "was published the first time");
    assertEquals(2, core.count(Count.ANSWERED_FROM_RECENT));
    assertEquals(1, core.dispatcher.stats().async().accepted());
  }

  @Test
  void byDefaultEveryReplayIsHandled() {
    DispatcherFixture core = fixture(Recent.OFF);
    WorkerStream stream = core.connect(target);
    core.offer(core.async(1));
    core.ack(stream, target.last());
    core.offer(core.async(1));
    assertEquals(List.of(1L, 1L), target.actionIds());
  }

  @Test
  void whatWasNotHandledIsNotRemembered() {
    DispatcherFixture core = fixture(new Recent(10, 1000, TIME));
    WorkerStream stream = core.connect(target);
    core.offer(core.sync(1, Duration.ofSeconds(1)));
    core.dispatcher.nack(stream, target.last().ackId());
    core.offer(core.async(1));
    assertEquals(List.of(1L, 1L), target.actionIds());
  }

  @Test
  void itIsForgottenWhenItsTimeIsOver() {
    RecentOutcomes recent = new RecentOutcomes(new Recent(10, 1000, TIME));
    recent.add(1, new Acked(VERDICTS, null), 0);
    assertArrayEquals(VERDICTS, verdicts(recent, 1, TIME.toNanos() - 1));
    assertNull(recent.find(1, TIME.toNanos()));
  }

  @Test
  void theOldestIsForgottenWhenThereAreTooMany() {
    RecentOutcomes recent = new RecentOutcomes(new Recent(2, 1000, TIME));
    recent.add(1, Acked.EMPTY, 0);
    recent.add(2, Acked.EMPTY, 0);
    recent.add(1, Acked.EMPTY, 0);
    recent.add(3, Acked.EMPTY, 0);
    assertNull(recent.find(2, 0));
    assertEquals(Acked.EMPTY, recent.find(1, 0));
    assertEquals(Acked.EMPTY, recent.find(3, 0));
  }

  @Test
  void theOldestAreForgottenWhenTheirVerdictsTakeTooMuch() {
    RecentOutcomes recent = new RecentOutcomes(new Recent(10, 7, TIME));
    recent.add(1, new Acked(VERDICTS, null), 0);
    recent.add(1, new Acked(VERDICTS, null), 0);
    recent.add(2, new Acked(VERDICTS, null), 0);
    assertArrayEquals(VERDICTS, verdicts(recent, 1, 0));
    recent.add(3, new Acked(VERDICTS, null), 0);
    assertNull(recent.find(1, 0));
    assertArrayEquals(VERDICTS, verdicts(recent, 2, 0));
  }

  private static byte @Nullable [] verdicts(RecentOutcomes recent, long id, long now) {
    return assertInstanceOf(Acked.class, recent.find(id, now)).content(true);
  }

  private static DispatcherFixture fixture(Recent recent) {
    DispatcherSettings usual = DispatcherSettings.DEFAULTS;
    DispatcherSettings settings =
        new DispatcherSettings(
            usual.sync(),
            usual.async(),
            usual.leases(),
            usual.retries(),
            usual.agedAfter(),
            usual.agedShare(),
            usual.idleStream(),
            recent);
    return new DispatcherFixture(settings, null);
  }
}
