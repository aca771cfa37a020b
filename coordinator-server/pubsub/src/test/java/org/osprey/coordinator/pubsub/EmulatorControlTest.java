package org.osprey.coordinator.pubsub;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/**
 * What a plain subscriber that acks at once sees on the emulator, so that its faults are not taken
 * for ours.
 */
class EmulatorControlTest {
  private static final int MESSAGES = 2000;
  private static final Duration DEADLINE = Duration.ofSeconds(10);

  @Test
  void withoutFaultsTheEmulatorDeliversOnce() {
    PubsubEmulator emulator = PubsubEmulator.get();
    Map<String, Integer> seen = new ConcurrentHashMap<>();
    try (TestPubsub pubsub = new TestPubsub(emulator, DEADLINE)) {
      pubsub.sendIds(1, MESSAGES + 1);
      try (PlainSubscriber plain = subscribe(emulator.host(), pubsub, seen)) {
        plain.start();
        await().atMost(Duration.ofMinutes(1)).until(() -> seen.size() == MESSAGES);
      }
      assertEquals(MESSAGES, total(seen));
    }
  }

  @Test
  @EnabledIfSystemProperty(named = "fault.seconds", matches = "[0-9]+")
  void aCutMakesTheEmulatorRepeatWhatAPlainSubscriberHasAcked() throws Exception {
    PubsubEmulator emulator = PubsubEmulator.get();
    Map<String, Integer> seen = new ConcurrentHashMap<>();
    try (TestPubsub pubsub = new TestPubsub(emulator, DEADLINE);
        TcpProxy proxy = new TcpProxy(emulator.port())) {
      pubsub.sendIds(1, MESSAGES + 1);
      try (PlainSubscriber plain = subscribe(proxy.host(), pubsub, seen)) {
        plain.start();
        await().atMost(Duration.ofMinutes(1)).until(() -> seen.size() > MESSAGES / 10);
        proxy.cut();
        await().atMost(Duration.ofSeconds(60)).until(() -> seen.size() == MESSAGES);
      }
      System.out.printf(
          "control accepted=%d completed=%d duplicates=%d%n",
          MESSAGES, seen.size(), total(seen) - MESSAGES);
    }
  }

  private static PlainSubscriber subscribe(
      String host, TestPubsub pubsub, Map<String, Integer> seen) {
    return new PlainSubscriber(
        host,
        pubsub.subscription(),
        DEADLINE,
        (message, reply) -> {
          seen.merge(message.getMessageId(), 1, Integer::sum);
          reply.ack();
        });
  }

  private static int total(Map<String, Integer> seen) {
    return seen.values().stream().mapToInt(Integer::intValue).sum();
  }
}
