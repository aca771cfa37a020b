package org.osprey.coordinator.tasks;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;
import org.osprey.coordinator.tasks.Breaker.Permission;

class BreakerTest {
  private static final int ENOUGH = 10;

  private final Breaker breaker = new Breaker("test");

  @Test
  void oneCallAtATimeFindsOutWhetherTheServiceIsBack() {
    fail(ENOUGH);
    assertEquals(0, breaker.permitted());
    assertEquals(Permission.NONE, breaker.begin());
    await().until(() -> breaker.permitted() == 1);
    assertEquals(Permission.PROBE, breaker.begin());
    assertEquals(0, breaker.permitted(), "a second call would be claimed in vain");
    breaker.end(Permission.PROBE, false);
    assertEquals(0, breaker.permitted());
    await().until(() -> breaker.permitted() == 1);
    assertEquals(Permission.PROBE, breaker.begin());
    breaker.end(Permission.PROBE, true);
    assertEquals(Integer.MAX_VALUE, breaker.permitted());
    assertEquals(Permission.NORMAL, breaker.begin());
  }

  @Test
  void aServiceThatOftenFailsIsStillCalled() {
    for (int i = 0; i < 100; i++) {
      fail(3);
      assertEquals(Permission.NORMAL, breaker.begin());
      breaker.end(Permission.NORMAL, true);
    }
  }

  private void fail(int calls) {
    for (int i = 0; i < calls; i++) {
      assertEquals(Permission.NORMAL, breaker.begin());
      breaker.end(Permission.NORMAL, false);
    }
  }
}
