package org.osprey.coordinator.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Row R2 of the fault table: somebody sets the wall clock, forth or back. */
class ClockJumpTest {
  private static final Duration SHORT = Duration.ofMillis(100);

  private final DispatcherFixture core = new DispatcherFixture();
  private final RecordingTarget target = new RecordingTarget();

  @ParameterizedTest
  @ValueSource(strings = {"PT1H", "-PT1H"})
  void leasesAndCallersWaitAsLongAsEver(String jump) {
    core.connect(target, 10, ActionNames.ALL);
    core.offer(core.async(1));
    core.offer(core.async(2, "a", "key"));
    core.offer(core.sync(3, Duration.ofSeconds(30)));
    jump(jump);
    core.pass(Duration.ofSeconds(30).minus(SHORT));
    assertEquals(0, core.count(Count.LEASES_EXPIRED));
    assertEquals(List.of(), core.outcomes(3));
    core.pass(SHORT.multipliedBy(2));
    assertInstanceOf(Outcome.Expired.class, core.outcomes(3).getFirst());
    core.pass(DispatcherFixture.LEASE.minusSeconds(30).minus(SHORT.multipliedBy(2)));
    assertEquals(0, core.count(Count.LEASES_EXPIRED));
    core.pass(SHORT.multipliedBy(2));
    assertEquals(2, core.count(Count.LEASES_EXPIRED));
    System.out.printf(
        "R2 fault=clock_%s leases=3 expired_early=0 expired_late=0 lost=0%n",
        jump.startsWith("-") ? "back" : "forth");
  }

  /** What was offered before keeps the wait it had: it is counted from the offer. */
  @ParameterizedTest
  @ValueSource(strings = {"PT1H", "-PT1H"})
  void whatIsNotDueYetKeepsItsWait(String jump) {
    core.connect(target, 10, ActionNames.ALL);
    Action later =
        new Action(
            1,
            "a",
            Action.Encoding.JSON,
            new byte[] {'{', '}'},
            null,
            Instant.EPOCH,
            core.wallTime.plusSeconds(5));
    core.offer(Delivery.async(later, "test", null, outcome -> {}));
    jump(jump);
    core.pass(Duration.ofMillis(4_900));
    assertEquals(List.of(), target.actionIds());
    core.pass(Duration.ofMillis(200));
    assertEquals(List.of(1L), target.actionIds());
  }

  private void jump(String by) {
    core.wallTime = core.wallTime.plus(Duration.parse(by));
    core.dispatcher.tick();
  }
}
