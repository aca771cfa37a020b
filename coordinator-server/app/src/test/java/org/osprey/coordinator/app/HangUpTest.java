package org.osprey.coordinator.app;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class HangUpTest {

  @Test
  void aHangUpCallsAndDoesNotEndTheProcess() throws Exception {
    AtomicInteger calls = new AtomicInteger();
    assertTrue(HangUp.calls(calls::incrementAndGet));
    hangUp();
    await().until(() -> calls.get() == 1);
    hangUp();
    await().until(() -> calls.get() == 2);
  }

  private static void hangUp() throws Exception {
    String self = Long.toString(ProcessHandle.current().pid());
    assertEquals(0, new ProcessBuilder("kill", "-HUP", self).start().waitFor());
  }
}
