package org.osprey.coordinator.rpc;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class WarmUpTest {
  private static final Duration LONG = Duration.ofHours(1);

  @Test
  void callsAreAnsweredUntilItStops() throws Exception {
    try (RpcServers servers = WarmUp.servers()) {
      servers.start();
      try (WarmUpLoad load = new WarmUpLoad(servers.workerPort(), servers.syncPort())) {
        load.start();
        await().atMost(Duration.ofSeconds(60)).until(() -> load.answered() > 1_000);
        load.stop(Duration.ofSeconds(60));
        long answered = load.answered();
        load.await(Duration.ofMillis(1), () -> false);
        assertEquals(answered, load.answered());
      }
    }
  }

  @Test
  void portsThatNobodyServesAreAFailure() throws Exception {
    int port;
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = socket.getLocalPort();
    }
    try (WarmUpLoad load = new WarmUpLoad(port, port)) {
      load.start();
      assertThrows(IllegalStateException.class, () -> load.await(LONG, () -> false));
      assertEquals(0, load.answered());
    }
  }

  @Test
  void endsWhenItsTimeIsOverOrItIsToldTo() {
    assertTrue(WarmUp.run(Duration.ofMillis(1), () -> false) >= 0);
    assertTrue(WarmUp.run(LONG, () -> true) >= 0);
    awaitNoThread("warm-up");
  }

  private static void awaitNoThread(String name) {
    await().atMost(Duration.ofMinutes(1)).until(() -> !hasThread(name));
  }

  private static boolean hasThread(String name) {
    return Thread.getAllStackTraces().keySet().stream()
        .anyMatch(thread -> thread.getName().startsWith(name));
  }
}
