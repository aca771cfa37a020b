package org.osprey.coordinator.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ActionQueueTest {
  private static final long AGED = DispatcherSettings.DEFAULTS.agedAfter().toNanos();

  private final ActionQueue queue = new ActionQueue(DispatcherSettings.DEFAULTS);

  @Test
  void anEmptyQueueGivesNothing() {
    assertNull(queue.take(ActionNames.ALL, false, 0));
  }

  @Test
  void syncGoesFirstHoweverLateItCame() {
    add(Lane.ASYNC, 1, "a");
    add(Lane.SYNC, 2, "a");
    add(Lane.ASYNC, 3, "a");
    add(Lane.SYNC, 4, "a");
    assertEquals(List.of(2L, 4L, 1L, 3L), take(4, ActionNames.ALL, 0));
  }

  @Test
  void asyncGoesToAWorkerThatTakesNoneOfTheSyncNames() {
    add(Lane.SYNC, 1, "a");
    add(Lane.ASYNC, 2, "b");
    assertEquals(List.of(2L), take(1, ActionNames.parse("b"), 0));
    assertNull(queue.take(ActionNames.parse("b"), false, 0));
    assertEquals(List.of(1L), take(1, ActionNames.ALL, 0));
  }

  @Test
  void whoTakesOnlySyncLeavesAsyncAlone() {
    add(Lane.ASYNC, 1, "a");
    assertNull(queue.take(ActionNames.ALL, true, 10 * AGED));
    assertEquals(1, queue.lane(Lane.ASYNC).stats(0).waiting());
  }

  @Test
  void anAgedAsyncOneIsEveryTwentieth() {
    for (long id = 1; id <= 3; id++) {
      add(Lane.ASYNC, id, "a");
    }
    for (long id = 100; id < 200; id++) {
      add(Lane.SYNC, id, "a");
    }
    List<Long> taken = take(60, ActionNames.ALL, AGED);
    assertEquals(List.of(1L, 2L, 3L), taken.stream().filter(id -> id < 100).toList());
    assertEquals(List.of(19, 39, 59), List.of(at(taken, 1), at(taken, 2), at(taken, 3)));
  }

  @Test
  void oneNanosecondBeforeItIsNotAged() {
    add(Lane.ASYNC, 1, "a");
    for (long id = 100; id < 150; id++) {
      add(Lane.SYNC, id, "a");
    }
    assertEquals(-1, at(take(50, ActionNames.ALL, AGED - 1), 1));
  }

  @Test
  void aShareOfOneLetsEveryAgedOneGoFirst() {
    DispatcherSettings usual = DispatcherSettings.DEFAULTS;
    ActionQueue eager =
        new ActionQueue(
            new DispatcherSettings(
                usual.sync(),
                usual.async(),
                usual.leases(),
                usual.retries(),
                Duration.ofNanos(5),
                1,
                usual.idleStream()));
    eager.lane(Lane.SYNC).addLast(delivery(Lane.SYNC, 1, "a"));
    eager.lane(Lane.ASYNC).addLast(delivery(Lane.ASYNC, 2, "a"));
    assertEquals(2L, id(eager.take(ActionNames.ALL, false, 5)));
    assertEquals(1L, id(eager.take(ActionNames.ALL, false, 5)));
  }

  private List<Long> take(int count, ActionNames names, long now) {
    List<Long> ids = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      ids.add(id(queue.take(names, false, now)));
    }
    return ids;
  }

  private void add(Lane lane, long id, String name) {
    queue.lane(lane).addLast(delivery(lane, id, name));
  }

  private static int at(List<Long> ids, long id) {
    return ids.indexOf(id);
  }

  private static long id(@Nullable Delivery delivery) {
    return delivery == null ? -1 : delivery.action().id();
  }

  private static Delivery delivery(Lane lane, long id, String name) {
    Action action = DispatcherFixture.action(id, name);
    return switch (lane) {
      case SYNC -> Delivery.sync(action, "test", Long.MAX_VALUE - 1, outcome -> {});
      case ASYNC -> Delivery.async(action, "test", null, outcome -> {});
    };
  }
}
