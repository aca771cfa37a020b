package org.osprey.coordinator.etcd;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.osprey.coordinator.core.Announcer.Endpoint;
import org.osprey.coordinator.core.Ticker;

/**
 * Row R23 of the fault table, with the default settings: etcd is down while the coordinator runs,
 * and when it starts. {@code -Dfault.seconds=600} gives it its full length.
 */
@EnabledIf("org.osprey.coordinator.etcd.EtcdServer#isInstalled")
class EtcdOutageTest {
  private static final Duration DOWN = Duration.ofSeconds(Integer.getInteger("fault.seconds", 2));
  private static final Duration BACK = Duration.ofSeconds(15);
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final List<Endpoint> ENDPOINTS =
      List.of(new Endpoint("outage", 19950), new Endpoint("outage_sync_action", 19951));

  private final EtcdServer etcd = EtcdServer.create("--enable-v2");
  private final EtcdAnnouncer announcer =
      new EtcdAnnouncer(
          EtcdSettings.builder(List.of(etcd.url())).build(), Ticker.system(), Math::random);
  private final OldClient old = new OldClient(etcd.url());
  private NewClient young = new NewClient(etcd.url());
  private final LoggedLines logged = new LoggedLines();

  private Duration slowestCall = Duration.ZERO;

  @AfterEach
  void close() {
    announcer.withdraw();
    old.close();
    young.close();
    etcd.close();
    logged.close();
  }

  @Test
  void etcdIsDownWhileTheCoordinatorRuns() {
    etcd.restart();
    announcer.announce(ENDPOINTS);
    await().atMost(PATIENCE).until(() -> announced() && announcer.check().healthy());
    etcd.kill();
    stayDown();
    assertFalse(announcer.check().healthy());
    assertTrue(announcer.check().detail().contains("etcd.peers=" + etcd.url()));
    etcd.restart();
    report("down_at_run", backAfter());
  }

  @Test
  void etcdIsDownWhenTheCoordinatorStarts() {
    announcer.announce(ENDPOINTS);
    stayDown();
    assertFalse(announcer.check().healthy());
    etcd.restart();
    report("down_at_start", backAfter());
  }

  @Test
  void keysAreDeletedByHand() throws Exception {
    etcd.restart();
    announcer.announce(ENDPOINTS);
    await().atMost(PATIENCE).until(this::announced);
    long lease = young.leases("outage").getFirst();
    old.delete("/discovery/outage?recursive=true");
    young.revoke(lease);
    // They may be there again already.
    Duration back = backAfter();
    assertFalse(young.leases("outage").contains(lease));
    System.out.printf("R23 fault=keys_deleted back_ms=%d%n", back.toMillis());
    assertTrue(back.compareTo(BACK) <= 0, () -> "keys are back after " + back);
  }

  /** All the while, whoever looks at the announcer or tells it something is not held up. */
  private void stayDown() {
    long end = System.nanoTime() + DOWN.toNanos();
    await()
        .atMost(DOWN.plus(PATIENCE))
        .until(
            () -> {
              long before = System.nanoTime();
              announcer.check();
              Duration took = Duration.ofNanos(System.nanoTime() - before);
              slowestCall = took.compareTo(slowestCall) > 0 ? took : slowestCall;
              return System.nanoTime() - end >= 0;
            });
    await().atMost(PATIENCE).until(() -> !announcer.check().healthy());
  }

  private Duration backAfter() {
    long healed = System.nanoTime();
    // One that has failed for long waits for up to two minutes before it tries again.
    young.close();
    young = new NewClient(etcd.url());
    await().atMost(PATIENCE).until(() -> announcer.check().healthy() && announced());
    return Duration.ofNanos(System.nanoTime() - healed);
  }

  private boolean announced() throws Exception {
    for (Endpoint endpoint : ENDPOINTS) {
      Map<Integer, Boolean> expected = Map.of(endpoint.port(), false);
      if (!old.ports(endpoint.service()).equals(expected)
          || !young.ports(endpoint.service()).equals(expected)) {
        return false;
      }
    }
    return true;
  }

  private void report(String fault, Duration back) {
    List<String> outages = lines("cannot announce in etcd");
    List<String> recoveries = lines("announced in etcd, trouble is over");
    System.out.printf(
        "R23 fault=%s down_seconds=%d reregistered_ms=%d slowest_call_ms=%d log_lines=%d%n",
        fault,
        DOWN.toSeconds(),
        back.toMillis(),
        slowestCall.toMillis(),
        outages.size() + recoveries.size());
    assertTrue(back.compareTo(BACK) <= 0, () -> "registered again after " + back);
    assertTrue(slowestCall.toMillis() < 1000, () -> "a call took " + slowestCall);
    assertTrue(outages.size() == 1 && recoveries.size() == 1, () -> outages + " " + recoveries);
  }

  private List<String> lines(String start) {
    return logged.lines().stream()
        .filter(line -> line.startsWith(start) && line.contains(etcd.url().toString()))
        .toList();
  }
}
