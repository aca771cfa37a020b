package org.osprey.coordinator.etcd;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTimeout;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.osprey.coordinator.core.Announcer.Endpoint;

/** What happens to etcd, and to keys in it, behind the announcer's back. */
@EnabledIf("org.osprey.coordinator.etcd.EtcdServer#isInstalled")
class EtcdFaultsTest {
  private static final String SERVICE = "faults";
  private static final List<Endpoint> ENDPOINTS = List.of(new Endpoint(SERVICE, 19950));
  private static final Map<Integer, Boolean> SERVING = Map.of(19950, false);
  private static final String KEY = "/discovery/faults/instances/192.0.2.7:19950";

  /** Of verify, backoff and time-out of the quick settings, with room for a slow machine. */
  private static final Duration SOON = Duration.ofSeconds(15);

  private static EtcdServer etcd;

  private OldClient old;
  private NewClient young;
  private EtcdAnnouncer announcer;

  @BeforeAll
  static void startServer() {
    etcd = EtcdServer.startWithV2();
  }

  @AfterAll
  static void stopServer() {
    etcd.close();
  }

  @BeforeEach
  void open() {
    old = new OldClient(etcd.url());
    young = new NewClient(etcd.url());
    announcer = Servers.announcer(Servers.quick(etcd.url()).build());
  }

  @AfterEach
  void close() {
    announcer.withdraw();
    old.close();
    young.close();
  }

  @Test
  void oldClientsReadExactlyWhatTheyKnow() throws Exception {
    announce();
    View.Seen seen = old.lookUp(SERVICE).getFirst();
    assertEquals(KEY, seen.key());
    assertEquals(
        "{\"name\":\"faults\",\"address\":\"192.0.2.7\",\"port\":19950,"
            + "\"metadata\":{},\"ports\":{\"grpc\":19950},"
            + "\"ip\":\"192.0.2.7\",\"id_override\":null,\"draining\":false}",
        seen.value());
    assertEquals("192.0.2.7", seen.host());
    assertEquals(19950, seen.port());
    int ttl = old.get(KEY).get("node").get("ttl").asInt();
    assertTrue(ttl >= 1 && ttl <= 2, () -> "ttl=" + ttl);
    assertEquals(seen, young.lookUp(SERVICE).getFirst());
  }

  @Test
  void draining() throws Exception {
    announce();
    announcer.markDraining();
    awaitSeen(Map.of(19950, true));
  }

  @Test
  void keysThatAreDeletedByHandComeBack() throws Exception {
    announce();
    old.delete(KEY);
    awaitSeen(SERVING);
    young.delete(KEY);
    awaitSeen(SERVING);
  }

  @Test
  void keysThatAreOverwrittenByHandAreMended() throws Exception {
    announce();
    String strange = young.lookUp(SERVICE).getFirst().value().replace("false", "true");
    old.put(KEY, strange);
    young.put(KEY, strange);
    awaitSeen(SERVING);
    assertNotEquals(List.of(0L), young.leases(SERVICE));
  }

  @Test
  void aLeaseThatIsRevokedIsGrantedAnew() throws Exception {
    announce();
    long lease = young.leases(SERVICE).getFirst();
    young.revoke(lease);
    awaitSeen(SERVING);
    assertNotEquals(lease, young.leases(SERVICE).getFirst());
    assertTrue(young.timeToLive(lease) < 0);
  }

  @Test
  void theLeaseOutlivesItsTimeToLive() throws Exception {
    // Renewed each second, so that the announcer may stand still for several.
    Duration ttl = Duration.ofSeconds(8);
    announcer.withdraw();
    announcer = Servers.announcer(Servers.quick(etcd.url()).ttl(ttl).build());
    announce();
    long lease = young.leases(SERVICE).getFirst();
    await()
        .during(ttl.plusSeconds(1))
        .atMost(Duration.ofMinutes(1))
        .until(() -> young.leases(SERVICE).equals(List.of(lease)) && seen(SERVING));
  }

  @Test
  void withdrawingRevokesTheLease() throws Exception {
    announce();
    long lease = young.leases(SERVICE).getFirst();
    announcer.withdraw();
    assertEquals(Map.of(), old.ports(SERVICE));
    assertEquals(Map.of(), young.ports(SERVICE));
    assertTrue(young.timeToLive(lease) < 0);
  }

  @Test
  void etcdComesBackWithItsData() throws Exception {
    announce();
    etcd.kill();
    await().atMost(SOON).until(() -> !announcer.check().healthy());
    assertTrue(announcer.check().detail().contains("etcd.peers"), announcer.check().detail());
    etcd.restart();
    awaitSeen(SERVING);
    await().atMost(SOON).until(() -> announcer.check().healthy());
  }

  @Test
  void etcdComesBackWithoutItsData() throws Exception {
    announce();
    etcd.kill();
    etcd.restartEmpty();
    awaitSeen(SERVING);
  }

  @Test
  void etcdIsFrozenForLongerThanTheKeysLive() throws Exception {
    announce();
    etcd.freeze();
    try {
      await().atMost(SOON).until(() -> !announcer.check().healthy());
      assertTimeout(Duration.ofSeconds(1), announcer::markDraining);
      await()
          .during(Duration.ofSeconds(3))
          .atMost(Duration.ofMinutes(1))
          .until(() -> !announcer.check().healthy());
    } finally {
      etcd.thaw();
    }
    awaitSeen(Map.of(19950, true));
    await().atMost(SOON).until(() -> announcer.check().healthy());
  }

  @Test
  void withdrawingFromFrozenEtcdIsBounded() throws Exception {
    announce();
    etcd.freeze();
    try {
      assertTimeout(SOON, announcer::withdraw);
      assertFalse(announcer.check().healthy());
    } finally {
      etcd.thaw();
    }
    deleteLeftovers();
  }

  @Test
  void withdrawingFromDeadEtcdIsBounded() throws Exception {
    announce();
    etcd.kill();
    try {
      assertTimeout(SOON, announcer::withdraw);
    } finally {
      etcd.restart();
    }
    deleteLeftovers();
  }

  @Test
  void theNextPeerIsAskedWhenOneIsAway() throws Exception {
    announcer.withdraw();
    try (EtcdServer away = EtcdServer.create("--enable-v2")) {
      announcer = Servers.announcer(Servers.quick(away.url(), etcd.url()).build());
      announce();
      assertTrue(announcer.check().healthy(), announcer.check().detail());
    }
  }

  @Test
  void theNextPeerIsAskedWhenOneIsFrozen() throws Exception {
    announcer.withdraw();
    URI other = Servers.withV2().url();
    announcer = Servers.announcer(Servers.quick(etcd.url(), other).build());
    announce();
    etcd.freeze();
    try (OldClient otherOld = new OldClient(other);
        NewClient otherYoung = new NewClient(other)) {
      await().atMost(SOON).until(() -> otherOld.ports(SERVICE).equals(SERVING));
      await().atMost(SOON).until(() -> otherYoung.ports(SERVICE).equals(SERVING));
      announcer.withdraw();
      assertEquals(Map.of(), otherOld.ports(SERVICE));
      assertEquals(Map.of(), otherYoung.ports(SERVICE));
    } finally {
      etcd.thaw();
    }
    deleteLeftovers();
  }

  /** Rather than wait for the end of their lives. */
  private void deleteLeftovers() {
    await()
        .atMost(SOON)
        .ignoreExceptions()
        .until(
            () -> {
              old.delete(KEY);
              young.delete(KEY);
              return true;
            });
  }

  private void announce() throws Exception {
    announcer.announce(ENDPOINTS);
    awaitSeen(SERVING);
    await().atMost(SOON).until(() -> announcer.check().healthy());
  }

  private void awaitSeen(Map<Integer, Boolean> instances) {
    await().atMost(SOON).ignoreExceptions().until(() -> seen(instances));
  }

  private boolean seen(Map<Integer, Boolean> instances) throws Exception {
    return old.ports(SERVICE).equals(instances) && young.ports(SERVICE).equals(instances);
  }
}
