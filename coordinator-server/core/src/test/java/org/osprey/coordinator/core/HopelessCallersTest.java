package org.osprey.coordinator.core;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.osprey.coordinator.core.Intake.Admission;

/** Callers whose answer would come too late are refused when they come, and nobody else is. */
class HopelessCallersTest {
  private static final Duration LONG = Duration.ofHours(1);
  private static final Duration TURN = Duration.ofMillis(10);

  private final DispatcherFixture core = new DispatcherFixture();
  private final RecordingTarget target = new RecordingTarget();
  private final WorkerStream stream = core.connect(target);
  private long lastId;

  @Test
  void whoeverWouldWaitForHalfOfHisTimeIsRefused() {
    offer(30);
    answer(10);
    // Nineteen wait, for ten milliseconds each.
    assertEquals(Admission.FULL, offerFor(Duration.ofMillis(370)));
    assertEquals(Admission.ACCEPTED, offerFor(Duration.ofMillis(390)));
    assertEquals(1, core.count(Count.SYNC_REFUSED_FULL));
  }

  @Test
  void nobodyIsBeforeThePaceIsKnown() {
    offer(30);
    answer(8);
    assertEquals(Admission.ACCEPTED, offerFor(Duration.ofMillis(20)));
  }

  @Test
  void aNameDoesNotAnswerForAnother() {
    offer(30);
    answer(10);
    Delivery other =
        Delivery.sync(
            DispatcherFixture.action(++lastId, "other"),
            "test",
            core.ticker.nanos() + Duration.ofMillis(20).toNanos(),
            outcome -> {});
    assertEquals(Admission.ACCEPTED, core.offer(other));
    assertEquals(Admission.ACCEPTED, core.offer(core.async(++lastId, "s", null)));
  }

  @Test
  void whenTheLineIsGoneAllIsForgotten() {
    offer(12);
    answer(12);
    assertEquals(Admission.ACCEPTED, offerFor(Duration.ofMillis(20)));
    assertEquals(Admission.ACCEPTED, offerFor(Duration.ofMillis(20)));
  }

  private void offer(int callers) {
    for (int i = 0; i < callers; i++) {
      assertEquals(Admission.ACCEPTED, offerFor(LONG));
    }
  }

  private Admission offerFor(Duration wait) {
    return core.offer(core.sync(++lastId, wait));
  }

  private void answer(int actions) {
    for (int i = 0; i < actions; i++) {
      core.pass(TURN);
      core.ack(stream, target.last());
    }
  }
}
