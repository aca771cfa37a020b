package org.osprey.coordinator.core;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class DelayedActionsTest {
  private final DispatcherFixture core = new DispatcherFixture();
  private final RecordingTarget target = new RecordingTarget();

  @Test
  void anActionWaitsUntilItIsDueAndOthersDoNot() {
    core.connect(target, 10, ActionNames.ALL);
    core.offer(due(1, Duration.ofSeconds(5), null));
    core.offer(core.async(2));
    core.pass(Duration.ofMillis(4900));
    assertEquals(List.of(2L), target.actionIds());
    assertEquals(1, core.dispatcher.stats().delayed());
    core.pass(Duration.ofMillis(200));
    assertEquals(List.of(2L, 1L), target.actionIds());
    assertEquals(1, core.count(Count.ASYNC_DELAYED));
  }

  @Test
  void whatIsDueAlreadyDoesNotWait() {
    core.connect(target);
    core.offer(due(1, Duration.ofSeconds(-5), null));
    assertEquals(List.of(1L), target.actionIds());
    assertEquals(0, core.count(Count.ASYNC_DELAYED));
  }

  @Test
  void theNextOfAKeyWaitsBehindOneThatIsNotDue() {
    WorkerStream stream = core.connect(target, 10, ActionNames.ALL);
    core.offer(due(1, Duration.ofSeconds(5), "key"));
    core.offer(due(2, Duration.ZERO, "key"));
    core.pass(Duration.ofSeconds(4));
    assertEquals(List.of(), target.actionIds());
    core.pass(Duration.ofSeconds(2));
    core.ack(stream, target.last());
    assertEquals(List.of(1L, 2L), target.actionIds());
  }

  @Test
  void timeInLineBehindItsKeyCounts() {
    WorkerStream stream = core.connect(target, 10, ActionNames.ALL);
    core.offer(due(1, Duration.ZERO, "key"));
    core.offer(due(2, Duration.ofSeconds(5), "key"));
    core.pass(Duration.ofSeconds(3));
    core.ack(stream, target.last());
    assertEquals(List.of(1L), target.actionIds());
    core.pass(Duration.ofMillis(2100));
    assertEquals(List.of(1L, 2L), target.actionIds());
  }

  @Test
  void theEndOfTimeIsNoError() {
    core.connect(target);
    Action never = action(1, Instant.MAX);
    core.offer(Delivery.async(never, "test", null, outcome -> {}));
    core.pass(Duration.ofMinutes(10));
    assertEquals(List.of(), target.actionIds());
    assertEquals(1, core.dispatcher.stats().async().accepted());
  }

  @Test
  void callersDoNotWait() {
    core.connect(target);
    Action later = action(1, core.wallTime.plusSeconds(5));
    core.offer(Delivery.sync(later, "test", Duration.ofSeconds(1).toNanos(), outcome -> {}));
    assertEquals(List.of(1L), target.actionIds());
  }

  private Delivery due(long id, Duration in, @Nullable String key) {
    return Delivery.async(action(id, core.wallTime.plus(in)), "test", key, outcome -> {});
  }

  private static Action action(long id, Instant notBefore) {
    return new Action(
        id, "a", Action.Encoding.JSON, new byte[] {'{', '}'}, null, Instant.EPOCH, notBefore);
  }
}
