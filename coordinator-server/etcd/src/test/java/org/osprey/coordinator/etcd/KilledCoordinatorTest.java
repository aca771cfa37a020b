package org.osprey.coordinator.etcd;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.OutputStream;
import java.lang.ProcessBuilder.Redirect;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.osprey.coordinator.contract.ChildJvm;
import org.osprey.coordinator.core.Announcer.Endpoint;
import org.osprey.coordinator.core.Ticker;

/** The keys of a coordinator that had no time to withdraw them. */
@EnabledIf("org.osprey.coordinator.etcd.EtcdServer#isInstalled")
class KilledCoordinatorTest {
  private static final Duration PATIENCE = Duration.ofMinutes(1);
  private static final Duration SHORT = Duration.ofSeconds(2);

  /** What etcd may take to notice that a life is over. */
  private static final Duration SLACK = Duration.ofSeconds(10);

  private final EtcdServer etcd = Servers.withV2();

  @Test
  void keysEndWithTheirTimeToLive() throws Exception {
    try (OldClient old = new OldClient(etcd.url());
        NewClient young = new NewClient(etcd.url())) {
      Process coordinator = coordinator("short", SHORT);
      await()
          .atMost(PATIENCE)
          .until(() -> !old.lookUp("short").isEmpty() && !young.lookUp("short").isEmpty());
      coordinator.destroyForcibly().waitFor();
      long killed = System.nanoTime();
      await()
          .atMost(SHORT.plus(SLACK))
          .until(() -> old.lookUp("short").isEmpty() && young.lookUp("short").isEmpty());
      System.out.printf(
          "R23 fault=kill_9 ttl_seconds=%d gone_after_ms=%d%n",
          SHORT.toSeconds(), Duration.ofNanos(System.nanoTime() - killed).toMillis());
    }
  }

  @Test
  void withTheDefaultsThatIsThirtySeconds() throws Exception {
    Duration ttl = EtcdSettings.builder(List.of()).build().ttl();
    try (OldClient old = new OldClient(etcd.url());
        NewClient young = new NewClient(etcd.url())) {
      Process coordinator = coordinator("long", ttl);
      await()
          .atMost(PATIENCE)
          .until(() -> !old.lookUp("long").isEmpty() && !young.lookUp("long").isEmpty());
      coordinator.destroyForcibly().waitFor();
      View.Seen left = old.lookUp("long").getFirst();
      long lease = young.leases("long").getFirst();
      int seconds = old.get(left.key()).get("node").get("ttl").asInt();
      assertTrue(seconds > 0 && seconds <= 30, () -> "v2 ttl=" + seconds);
      long leased = young.timeToLive(lease);
      assertTrue(leased > 0 && leased <= 30, () -> "v3 ttl=" + leased);
      System.out.printf(
          "R23 fault=kill_9 ttl_seconds=%d left_in_v2_seconds=%d left_in_v3_seconds=%d%n",
          ttl.toSeconds(), seconds, leased);
      old.delete(left.key());
      young.revoke(lease);
    }
  }

  @Test
  void anInstanceWithTheSameAddressTakesItsKeysOver() throws Exception {
    try (NewClient young = new NewClient(etcd.url())) {
      Process killed = coordinator("again", SHORT);
      await().atMost(PATIENCE).until(() -> !young.lookUp("again").isEmpty());
      long lease = young.leases("again").getFirst();
      killed.destroyForcibly().waitFor();
      EtcdAnnouncer next = Servers.announcer(Servers.quick(etcd.url()).ttl(SHORT).build());
      next.announce(List.of(new Endpoint("again", 1)));
      try {
        // Where its successor is slow, the lease ends by itself.
        await()
            .atMost(PATIENCE)
            .until(() -> young.timeToLive(lease) < 0 && young.lookUp("again").size() == 1);
        assertFalse(young.leases("again").contains(lease));
      } finally {
        next.withdraw();
      }
    }
  }

  private Process coordinator(String service, Duration ttl) throws IOException {
    return new ProcessBuilder(
            ChildJvm.command(
                Coordinator.class, List.of(), etcd.url().toString(), service, ttl.toString()))
        .redirectErrorStream(true)
        .redirectOutput(Redirect.DISCARD)
        .start();
  }

  /** What runs in the child: an announcer, until standard input ends with our JVM. */
  static final class Coordinator {
    private Coordinator() {}

    public static void main(String[] arguments) throws IOException {
      Duration ttl = Duration.parse(arguments[2]);
      EtcdSettings settings =
          EtcdSettings.builder(List.of(URI.create(arguments[0])))
              .podIp("192.0.2.7")
              .ttl(ttl)
              .refresh(ttl.dividedBy(3))
              .build();
      EtcdAnnouncer announcer = new EtcdAnnouncer(settings, Ticker.system(), Math::random);
      announcer.announce(List.of(new Endpoint(arguments[1], 1)));
      System.in.transferTo(OutputStream.nullOutputStream());
      Runtime.getRuntime().halt(1);
    }
  }
}
