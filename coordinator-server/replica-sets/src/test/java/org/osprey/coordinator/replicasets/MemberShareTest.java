package org.osprey.coordinator.replicasets;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;
import static org.osprey.coordinator.replicasets.SharingCoordinator.SWEEPS;
import static org.osprey.coordinator.replicasets.SharingCoordinator.isDivided;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.osprey.coordinator.core.Ticker;
import org.osprey.coordinator.database.Database;
import org.osprey.coordinator.database.DatabaseSettings;
import org.osprey.coordinator.database.PostgresServer;

@Timeout(300)
class MemberShareTest {
  /** Nobody is taken for dead. */
  private static final Duration NEVER = Duration.ofHours(1);

  private static PostgresServer server;

  private String url;

  @BeforeAll
  static void startServer() {
    assumeTrue(PostgresServer.isInstalled(), "no PostgreSQL server is installed");
    server = PostgresServer.start();
  }

  @AfterAll
  static void stopServer() {
    if (server != null) {
      server.close();
    }
  }

  @BeforeEach
  void makeDatabase() {
    url = server.newDatabase();
  }

  @Test
  void oneHasEverySweepAndSeveralHaveEachOne() {
    try (SharingCoordinator a = new SharingCoordinator("a", url)) {
      await().until(() -> isDivided(a));
      assertTrue(a.share.check().detail().startsWith("slots=64 of=64 coordinators=1"));
      try (SharingCoordinator b = new SharingCoordinator("b", url);
          SharingCoordinator c = new SharingCoordinator("c", url)) {
        await().until(() -> isDivided(a, b, c));
        assertEquals(3, a.figure("coordinators"));
        assertEquals(
            64,
            a.figure("coordinators_slots_held")
                + b.figure("coordinators_slots_held")
                + c.figure("coordinators_slots_held"));
        await().until(() -> a.figure("coordinators_generations") >= 2);
        assertEquals(0, c.figure("coordinators_heartbeats_failed"));
      }
    }
  }

  @Test
  void whoStartAtTheSameTimeInAnEmptyDatabaseShareIt() {
    try (SharingCoordinator a = new SharingCoordinator("a", url);
        SharingCoordinator b = new SharingCoordinator("b", url);
        SharingCoordinator c = new SharingCoordinator("c", url)) {
      await().until(() -> isDivided(a, b, c));
    }
  }

  @Test
  void whoClosesLeavesItsPartToTheOthers() {
    try (SharingCoordinator a = new SharingCoordinator("a", url, NEVER);
        SharingCoordinator b = new SharingCoordinator("b", url, NEVER)) {
      await().until(() -> isDivided(a, b));
      b.share.close();
      assertEquals(Set.of(), b.sweeps());
      assertEquals(0, b.figure("coordinators"));
      await().until(() -> isDivided(a));
    }
  }

  /** By its own clock, as nobody can tell it. */
  @Test
  void whoIsCutOffHasNothingAnyMoreBeforeTheOthersHaveIt() {
    String name = url.substring(url.lastIndexOf('/') + 1);
    server.execute(name, "create role lonely superuser login password 'x'");
    try (SharingCoordinator a = new SharingCoordinator("a", url);
        SharingCoordinator b =
            SharingCoordinator.hasty("b", "postgres://lonely:x@" + server.address() + "/" + name)) {
      await().until(() -> isDivided(a, b));
      server.execute(name, "alter role lonely nologin");
      server.execute(
          name, "select pg_terminate_backend(pid) from pg_stat_activity where usename = 'lonely'");
      Set<String> twice = new TreeSet<>();
      await()
          .until(
              () -> {
                SWEEPS.stream()
                    .filter(sweep -> b.share.has(sweep) && a.share.has(sweep) && b.share.has(sweep))
                    .forEach(twice::add);
                return isDivided(a);
              });
      assertEquals(Set.of(), twice);
      assertEquals(Set.of(), b.sweeps());
      // Its database looks for an outage every five seconds.
      await().until(() -> !b.share.check().healthy());
      assertTrue(b.figure("coordinators_heartbeats_failed") > 0);
      server.execute(name, "alter role lonely login");
      await().until(() -> isDivided(a, b));
      await().until(() -> b.share.check().healthy());
    }
  }

  @Test
  void aDatabaseThatIsNotThereYetIsWaitedFor() {
    server.stop();
    try (SharingCoordinator a = new SharingCoordinator("a", url)) {
      await().until(() -> a.share.check().detail().contains("cannot be reached"));
      assertEquals(Set.of(), a.sweeps());
      server.restart();
      await().until(() -> isDivided(a));
    } finally {
      if (!server.isRunning()) {
        server.restart();
      }
    }
  }

  @Test
  void tablesThatAreNotOursAreNamed() {
    String name = url.substring(url.lastIndexOf('/') + 1);
    server.execute(name, "create table rs_streams (other int)");
    try (SharingCoordinator a = new SharingCoordinator("a", url)) {
      await().until(() -> a.share.check().detail().contains("rs_streams"));
      assertFalse(a.share.check().healthy());
      server.execute(name, "drop table rs_streams");
      await().until(() -> isDivided(a));
    }
  }

  @Test
  void anotherNumberOfSlotsIsRefusedInWords() {
    String name = url.substring(url.lastIndexOf('/') + 1);
    try (SharingCoordinator a = new SharingCoordinator("a", url)) {
      await().until(() -> isDivided(a));
    }
    server.execute(name, "update rs_sets set slots = 32");
    try (SharingCoordinator b = new SharingCoordinator("b", url)) {
      await().until(() -> b.share.check().detail().contains("made with 32 slots, want 64"));
      assertEquals(Set.of(), b.sweeps());
      server.execute(name, "update rs_sets set slots = 64");
      await().until(() -> isDivided(b));
    }
  }

  @Test
  void aDatabaseThatHangsDoesNotHoldUpAClose() {
    try (SharingCoordinator a = new SharingCoordinator("a", url)) {
      await().until(() -> isDivided(a));
      server.freeze();
      try {
        // Half of what a connection waits for an answer.
        assertTimeoutPreemptively(Duration.ofSeconds(30), a.share::close);
      } finally {
        server.thaw();
      }
      assertEquals(Set.of(), a.sweeps());
    }
  }

  @Test
  void theEmbeddedDatabaseIsNotShared(@TempDir Path folder) {
    Database database =
        new Database(
            DatabaseSettings.builder().file(folder.resolve("test.db")).build(),
            List.of(),
            Ticker.system(),
            new Random(1));
    assertThrows(IllegalStateException.class, () -> database.pool("any", 1));
    assertThrows(IllegalStateException.class, database::plainConnections);
  }
}
