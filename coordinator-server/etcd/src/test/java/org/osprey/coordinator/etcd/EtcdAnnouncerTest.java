package org.osprey.coordinator.etcd;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeout;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.osprey.coordinator.core.Announcer.Endpoint;
import org.osprey.coordinator.core.Check;
import org.osprey.coordinator.core.Ticker;

class EtcdAnnouncerTest {
  private static final List<Endpoint> ENDPOINTS =
      List.of(new Endpoint("service", 19950), new Endpoint("service_sync_action", 19951));
  private final RegistryException noAnswer =
      RegistryException.noAnswer("etcd.peers=x: no answer", "refused", null);

  private final InMemoryRegistry first = new InMemoryRegistry("first");
  private final InMemoryRegistry second = new InMemoryRegistry("second");
  private final EtcdAnnouncer announcer = announcer(Servers.quick(URI.create("http://x:1")));

  @AfterEach
  void withdraw() {
    announcer.withdraw();
  }

  @Test
  void bothStoresHoldEveryEndpoint() {
    assertFalse(announcer.check().healthy());
    announcer.announce(ENDPOINTS);
    await().until(() -> announcer.check().healthy());
    assertEquals(
        List.of(
            "/discovery/service/instances/192.0.2.7:19950",
            "/discovery/service_sync_action/instances/192.0.2.7:19951"),
        first.entries.stream().map(Instance::key).toList());
    assertEquals(first.entries, second.entries);
    announcer.withdraw();
    assertEquals(List.of(), first.entries);
    assertEquals(List.of(), second.entries);
    assertFalse(announcer.check().healthy());
  }

  @Test
  void aStoreThatHangsHoldsUpNobody() {
    second.frozen = new CountDownLatch(1);
    assertTimeout(Duration.ofSeconds(1), () -> announcer.announce(ENDPOINTS));
    await().until(() -> first.entries.size() == 2);
    assertTimeout(Duration.ofSeconds(1), announcer::markDraining);
    await().until(() -> first.entries.getFirst().value().contains("\"draining\":true"));
    assertFalse(announcer.check().healthy());
    assertTimeout(Duration.ofSeconds(15), announcer::withdraw);
    assertEquals(List.of(), first.entries);
  }

  @Test
  void aStoreThatFailsHoldsUpNobodyAndIsNamed() {
    first.failure = noAnswer;
    announcer.announce(ENDPOINTS);
    await().until(() -> second.entries.size() == 2);
    await().until(() -> announcer.check().detail().contains("first: etcd.peers=x"));
    Check check = announcer.check();
    assertFalse(check.healthy());
    assertEquals("etcd", check.component());
    first.failure = null;
    await().until(() -> announcer.check().healthy());
  }

  @Test
  void drainingBeforeTheAnnouncementIsNotForgotten() {
    announcer.markDraining();
    announcer.announce(ENDPOINTS);
    await().until(() -> !first.entries.isEmpty());
    assertTrue(first.entries.getFirst().value().contains("\"draining\":true"));
  }

  @Test
  void announcingAfterTheWithdrawalAnnouncesNothing() {
    announcer.withdraw();
    announcer.announce(ENDPOINTS);
    announcer.markDraining();
    announcer.withdraw();
    assertEquals(List.of(), first.calls);
  }

  @Test
  void announcingTwiceIsAMistake() {
    announcer.announce(ENDPOINTS);
    assertThrows(IllegalStateException.class, () -> announcer.announce(ENDPOINTS));
  }

  @Test
  void withoutPeersThereIsNoAnnouncer() {
    EtcdSettings nowhere = EtcdSettings.builder(List.of()).build();
    IllegalArgumentException e =
        assertThrows(IllegalArgumentException.class, () -> Servers.announcer(nowhere));
    assertEquals("etcd.peers must not be empty, got none", e.getMessage());
  }

  private EtcdAnnouncer announcer(EtcdSettings.Builder settings) {
    return new EtcdAnnouncer(settings.build(), Ticker.system(), () -> 0.5, List.of(first, second));
  }
}
