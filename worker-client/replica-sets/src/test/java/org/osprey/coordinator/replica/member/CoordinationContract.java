package org.osprey.coordinator.replica.member;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.osprey.coordinator.replica.event.Slots;

/** What every way to share a replica set does. */
abstract class CoordinationContract {

  abstract Coordination coordination(Duration stale);

  /** Long enough for a busy machine. */
  private Coordination coordination() {
    return coordination(Duration.ofMinutes(1));
  }

  private static Assignment part(Coordination coordination, String worker) {
    return coordination.look().assignment(worker).orElseThrow();
  }

  @Test
  void whoJoinsWaitsForTheNextGeneration() {
    Coordination coordination = coordination();
    coordination.join("a");
    Membership before = coordination.look();
    assertAll(
        () -> assertEquals(0, before.generation()),
        () -> assertTrue(before.isOutdated()),
        () -> assertFalse(before.isReady()),
        () -> assertEquals(Optional.empty(), before.assignment("a")));
    assertTrue(coordination.renew());
    assertEquals(new Assignment(1, 0, 1), part(coordination, "a"));
    assertFalse(coordination.look().isOutdated());
    assertFalse(coordination.renew());
  }

  @Test
  void theWorkIsDividedAmongThoseWhoAreThere() {
    Coordination coordination = coordination();
    List.of("a", "b", "c").forEach(coordination::join);
    assertTrue(coordination.renew());
    assertAll(
        () -> assertEquals(new Assignment(1, 0, 3), part(coordination, "a")),
        () -> assertEquals(new Assignment(1, 1, 3), part(coordination, "b")),
        () -> assertEquals(new Assignment(1, 2, 3), part(coordination, "c")));
  }

  @Test
  void aGenerationIsReadyWhenAllAre() {
    Coordination coordination = coordination();
    coordination.join("a");
    coordination.join("b");
    coordination.renew();
    coordination.ready("a", 1);
    assertFalse(coordination.look().isReady());
    coordination.ready("b", 1);
    assertTrue(coordination.look().isReady());
  }

  @Test
  void whoLeavesMakesANewGenerationNecessary() {
    Coordination coordination = coordination();
    List.of("a", "b", "c").forEach(coordination::join);
    coordination.renew();
    coordination.leave("c");
    assertTrue(coordination.look().isOutdated());
    assertTrue(coordination.renew());
    assertEquals(new Assignment(2, 1, 2), part(coordination, "b"));
    assertFalse(coordination.heartbeat("c", true));
  }

  @Test
  void whoIsSilentIsThrownOut() {
    Coordination coordination = coordination(Duration.ofSeconds(3));
    coordination.join("a");
    coordination.join("b");
    coordination.renew();
    await()
        .until(
            () -> {
              assertTrue(coordination.heartbeat("a", true));
              return coordination.renew();
            });
    assertEquals(new Assignment(2, 0, 1), part(coordination, "a"));
    assertFalse(coordination.heartbeat("b", true));
  }

  @Test
  void whoDoesNotGetOnIsThrownOutThoughItLives() {
    Coordination coordination = coordination(Duration.ofSeconds(3));
    coordination.join("a");
    coordination.join("b");
    coordination.renew();
    await()
        .until(
            () -> {
              coordination.heartbeat("a", true);
              coordination.heartbeat("b", false);
              return coordination.renew();
            });
    assertEquals(Optional.empty(), coordination.look().find("b"));
  }

  @Test
  void onlyThoseWhoAreNotReadyAreExpelled() {
    Coordination coordination = coordination();
    coordination.join("a");
    coordination.join("b");
    coordination.renew();
    coordination.ready("a", 1);
    coordination.expel("a", 1);
    coordination.expel("b", 2);
    assertEquals(2, coordination.look().members().size());
    coordination.expel("b", 1);
    assertEquals(Optional.empty(), coordination.look().find("b"));
    assertTrue(coordination.look().isOutdated());
  }

  @Test
  void moreWorkersThanSlotsWait() {
    Coordination coordination = coordination(Duration.ofMinutes(1));
    for (int i = 0; i <= Slots.COUNT; i++) {
      coordination.join("worker-" + i);
    }
    coordination.renew();
    assertEquals(Optional.empty(), coordination.look().assignment("worker-64"));
    assertFalse(coordination.look().isOutdated());
    coordination.leave("worker-3");
    assertTrue(coordination.renew());
    assertEquals(new Assignment(2, 63, 64), part(coordination, "worker-64"));
  }
}
