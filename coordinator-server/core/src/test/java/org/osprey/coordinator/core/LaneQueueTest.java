package org.osprey.coordinator.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LaneQueueTest {
  private final LaneQueue lane = new LaneQueue(new DispatcherSettings.Bounds(3, 1_000));
  private long lastId;

  @Test
  void goesFirstInFirstOutOverAllNames() {
    addLast("a", "b", "a", "c", "b");
    assertEquals(List.of("a1", "b2", "a3", "c4", "b5"), drain(ActionNames.ALL));
  }

  @Test
  void whoIsPutFirstGoesBeforeAllOthers() {
    addLast("a", "b");
    lane.addFirst(delivery("b"));
    lane.addFirst(delivery("c"));
    lane.addLast(delivery("a"));
    assertEquals(List.of("c4", "b3", "a1", "b2", "a5"), drain(ActionNames.ALL));
  }

  @Test
  void aWorkerThatTakesFewNamesSeesTheirOrder() {
    addLast("a", "user_x", "b", "user_y", "user_x");
    assertEquals(List.of("user_x2", "user_y4", "user_x5"), drain(ActionNames.parse("user_*")));
    assertNull(lane.peek(ActionNames.parse("user_*")));
    assertEquals(List.of("a1", "b3"), drain(ActionNames.ALL));
  }

  @Test
  void oneCanLeaveFromTheMiddleTheHeadAndTheTail() {
    List<Delivery> added = addLast("a", "a", "a", "a", "a");
    lane.remove(added.get(2));
    lane.remove(added.get(0));
    lane.remove(added.get(4));
    assertEquals(2, lane.stats(0).waiting());
    assertEquals(List.of("a2", "a4"), drain(ActionNames.ALL));
  }

  @Test
  void leavingTwiceIsLeavingOnce() {
    List<Delivery> added = addLast("a", "b");
    lane.remove(added.get(0));
    lane.remove(added.get(0));
    assertEquals(1, lane.stats(0).waiting());
    assertSame(added.get(1), lane.peek(ActionNames.ALL));
  }

  @Test
  void aNameThatEmptiedCanComeBack() {
    addLast("a");
    assertEquals(List.of("a1"), drain(ActionNames.ALL));
    addLast("b", "a");
    assertEquals(List.of("b2", "a3"), drain(ActionNames.ALL));
  }

  @Test
  void hasRoomForSoManyActions() {
    assertTrue(lane.reserve(10));
    assertTrue(lane.reserve(10));
    assertTrue(lane.reserve(10));
    assertFalse(lane.reserve(10));
    assertEquals(3, lane.accepted());
    assertEquals(30, lane.stats(0).bytes());
    lane.release(10);
    assertTrue(lane.reserve(10));
  }

  @Test
  void hasRoomForSoManyBytes() {
    assertTrue(lane.reserve(600));
    assertFalse(lane.reserve(401));
    assertTrue(lane.reserve(400));
    assertFalse(lane.hasRoom(1));
    lane.release(600);
    assertTrue(lane.hasRoom(600));
    assertFalse(lane.hasRoom(601));
  }

  @Test
  void anEmptyLaneTakesAnyOneHoweverLarge() {
    assertTrue(lane.reserve(5_000));
    assertFalse(lane.reserve(1));
    lane.release(5_000);
    assertEquals(0, lane.accepted());
    assertEquals(0, lane.stats(0).bytes());
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void doesWhatAListWouldDo(long seed) {
    Random random = new Random(seed);
    List<Delivery> model = new ArrayList<>();
    for (int i = 0; i < 20_000; i++) {
      String name = "abcde".substring(random.nextInt(5)).substring(0, 1);
      switch (random.nextInt(model.size() > 30 ? 6 : 4)) {
        case 0, 1 -> model.addLast(addLast(name).getFirst());
        case 2 -> {
          Delivery first = delivery(name);
          lane.addFirst(first);
          model.addFirst(first);
        }
        default -> {
          if (!model.isEmpty()) {
            lane.remove(model.remove(random.nextInt(model.size())));
          }
        }
      }
      assertEquals(model.size(), lane.stats(0).waiting());
      assertSame(first(model, "*"), lane.peek(ActionNames.ALL));
      assertSame(first(model, name), lane.peek(ActionNames.parse(name)));
    }
  }

  private static @Nullable Delivery first(List<Delivery> model, String name) {
    return model.stream()
        .filter(delivery -> name.equals("*") || delivery.action().name().equals(name))
        .findFirst()
        .orElse(null);
  }

  private List<Delivery> addLast(String... names) {
    List<Delivery> added = new ArrayList<>();
    for (String name : names) {
      Delivery delivery = delivery(name);
      lane.addLast(delivery);
      added.add(delivery);
    }
    return added;
  }

  private Delivery delivery(String name) {
    return Delivery.async(DispatcherFixture.action(++lastId, name), "test", null, outcome -> {});
  }

  private List<String> drain(ActionNames names) {
    List<String> drained = new ArrayList<>();
    for (Delivery next = lane.peek(names); next != null; next = lane.peek(names)) {
      lane.remove(next);
      drained.add(next.action().name() + next.action().id());
    }
    return drained;
  }
}
