package org.osprey.coordinator.etcd;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.parallel.Isolated;
import org.osprey.coordinator.core.Announcer.Endpoint;

/** Alone, because it looks at every thread of this JVM. */
@Isolated
@EnabledIf("org.osprey.coordinator.etcd.EtcdServer#isInstalled")
class ThreadsTest {
  private static final Duration PATIENCE = Duration.ofMinutes(1);
  private static final String OURS =
      "(etcd-v|jetcd-|vert\\.x|HttpClient-|grpc-default-worker|grpc-nio).*";

  @Test
  void noThreadIsLeftBehindAndNoneHoldsTheJvm() {
    EtcdAnnouncer announcer = Servers.announcer(Servers.quick(Servers.withV2().url()).build());
    await().atMost(PATIENCE).until(() -> threads().findAny().isEmpty());
    announcer.announce(List.of(new Endpoint("threads", 1)));
    await().atMost(PATIENCE).until(() -> announcer.check().healthy());
    assertTrue(threads().count() >= 3, () -> names().toString());
    assertTrue(threads().allMatch(Thread::isDaemon), () -> names().toString());
    announcer.withdraw();
    assertFalse(names().stream().anyMatch(name -> name.startsWith("etcd-v")));
    await().atMost(PATIENCE).until(() -> threads().findAny().isEmpty());
  }

  private static List<String> names() {
    return threads().map(Thread::getName).toList();
  }

  private static Stream<Thread> threads() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getName().matches(OURS));
  }
}
