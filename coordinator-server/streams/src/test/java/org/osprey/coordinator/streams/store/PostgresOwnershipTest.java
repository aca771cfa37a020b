package org.osprey.coordinator.streams.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;
import static org.osprey.coordinator.streams.store.Databases.await;
import static org.osprey.coordinator.streams.store.Databases.done;
import static org.osprey.coordinator.streams.store.Databases.snapshot;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.osprey.coordinator.core.ManualTicker;
import org.osprey.coordinator.core.Ticker;
import org.osprey.coordinator.database.DatabaseSettings;
import org.osprey.coordinator.database.PostgresServer;
import org.osprey.coordinator.streams.Hold;

/** Coordinators that share a database. */
@Timeout(180)
class PostgresOwnershipTest {
  private static final Duration INTERVAL = Duration.ofMillis(100);

  /** No test waits for its end. */
  private static final Duration LONG = Duration.ofHours(1);

  private static final Duration SHORT = Duration.ofSeconds(4);

  private static PostgresServer server;

  private final RecordedHolds holds = new RecordedHolds();
  private DatabaseSettings settings;

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
    settings = DatabaseSettings.builder().url(server.newDatabase()).build();
  }

  @AfterEach
  void nothingWentWrong() {
    assertEquals(List.of(), holds.faults());
  }

  @Test
  void whoStartAtTheSameTimeShareAndKeepTheirShares() {
    try (Member a = member("a", LONG);
        Member b = member("b", LONG)) {
      a.start();
      b.start();
      await(() -> a.has(32) && b.has(32));
      assertEquals(List.of("a", "b"), a.instances());
      assertEquals(List.of("a", "b"), b.instances());
      Map<String, Double> ofA = a.figures();
      Map<String, Double> ofB = b.figures();
      awaitRounds(a, 5, "a", "b");
      assertEquals(ofA, a.figures());
      assertEquals(ofB, b.figures());
      for (Hold hold : a.told.held()) {
        assertEquals("a", a.ownership.owner(hold.partition()));
        assertEquals("a", b.ownership.owner(hold.partition()));
      }
    }
  }

  @Test
  void threeShareWhatOneHad() throws Exception {
    try (Member a = member("a", LONG).start();
        Member b = member("b", LONG);
        Member c = member("c", LONG)) {
      await(() -> a.has(64));
      String id = Databases.idIn(63);
      done(a.snapshots.save(a.hold(63), snapshot(id, 1)));
      b.start();
      c.start();
      await(() -> a.has(22) && b.told.size() + c.told.size() == 42 && isShare(b) && isShare(c));
      Member heir = b.told.held().stream().anyMatch(hold -> hold.partition() == 63) ? b : c;
      assertEquals(List.of(snapshot(id, 1)), heir.told.streams(63));
      // Whoever came first may have had it, and given it to the last.
      assertTrue(heir.hold(63).epoch() > 1);
    }
  }

  @Test
  void whoClosesLeavesEverythingAtOnce() {
    try (Member a = member("a", LONG).start();
        Member b = member("b", LONG)) {
      await(() -> a.has(64));
      b.start();
      await(() -> a.has(32) && b.has(32));
      b.ownership.close();
      assertEquals(0, b.told.size());
      await(() -> a.has(64));
      assertEquals(List.of("a"), a.instances());
    }
  }

  @Test
  void whatADeadOneHadIsTakenOver() throws Exception {
    Member a = member("a", SHORT).start();
    try (Member b = member("b", SHORT)) {
      await(() -> a.has(64));
      String id = Databases.idIn(0);
      done(a.snapshots.save(a.hold(0), snapshot(id, 1)));
      b.start();
      await(() -> a.told.size() == 32 && b.told.size() == 32);
      a.die();
      await(() -> b.has(64));
      assertEquals(List.of("b"), b.instances());
      assertEquals(List.of(snapshot(id, 1)), b.told.streams(0));
    }
  }

  @Test
  void whatOthersGiveUpIsTakenBeforeTheNextRoundIsDue() {
    try (Member a = member("a", LONG).start();
        Member b = member("b", Duration.ofHours(1), Duration.ofHours(3), Ticker.system())) {
      await(() -> a.has(64));
      b.start();
      await(() -> a.has(32) && b.has(32));
    }
  }

  @Test
  void aLeaseThatEndsIsLookedAtBeforeTheNextRoundIsDue() {
    Member a = member("a", SHORT).start();
    try (Member b = member("b", Duration.ofHours(1), Duration.ofHours(3), Ticker.system())) {
      await(() -> a.has(64));
      b.start();
      await(() -> a.told.size() == 32 && b.has(32));
      int another = a.told.held().getFirst().partition();
      await(() -> "a".equals(b.ownership.owner(another)));
      a.die();
      await(() -> b.ownership.owner(another) == null);
    }
  }

  /** As one that was stopped and goes on: nobody else has anything by then. */
  @Test
  void whoCouldNotRenewInTimeActsNoMore() {
    ManualTicker ticker = new ManualTicker();
    Duration life = Duration.ofHours(3);
    try (Member a = member("a", Duration.ofHours(1), life, ticker).start()) {
      await(() -> a.has(64));
      Hold hold = a.hold(7);
      assertEquals(life.toNanos() / 3 * 2, a.ownership.heldUntil(hold) - ticker.nanos());
      ticker.advance(Duration.ofHours(2).minusNanos(1));
      assertTrue(a.ownership.heldUntil(hold) - ticker.nanos() > 0);
      // The round that was due has renewed it.
      await(() -> a.ownership.heldUntil(hold) - ticker.nanos() > Duration.ofMinutes(61).toNanos());
      ticker.advance(Duration.ofHours(2));
      long until = a.ownership.heldUntil(hold);
      assertTrue(until == Long.MIN_VALUE || until - ticker.nanos() <= 0);
      await(() -> a.has(64) && a.hold(7).epoch() == 2);
      assertEquals(64, a.figure("streams_partitions_lost"));
      assertEquals(128, a.figure("streams_partitions_claimed"));
    }
  }

  @Test
  void aDatabaseThatIsAwayTakesEverythingAndGivesItBack() {
    try (Member a = member("a", SHORT).start()) {
      await(() -> a.has(64));
      long before = a.hold(3).epoch();
      server.stop();
      try {
        await(() -> a.has(0));
        await(() -> !a.ownership.check().healthy() || !a.database.check().healthy());
      } finally {
        server.restart();
      }
      await(() -> a.has(64));
      assertTrue(a.hold(3).epoch() > before);
      await(() -> a.ownership.check().healthy());
    }
  }

  @Test
  void aDatabaseThatHangsTakesEverythingAndGivesItBack() {
    try (Member a = member("a", SHORT).start()) {
      await(() -> a.has(64));
      server.freeze();
      try {
        await(() -> a.has(0));
      } finally {
        server.thaw();
      }
      await(() -> a.has(64));
    }
  }

  @Test
  void whoStartsBeforeTheDatabaseGoesOnTrying() {
    server.stop();
    try (Member a = member("a", SHORT)) {
      try {
        a.start();
        await(() -> !a.ownership.check().healthy());
        assertFalse(a.ownership.check().detail().isEmpty());
      } finally {
        server.restart();
      }
      await(() -> a.has(64));
      assertTrue(a.ownership.check().healthy());
    }
  }

  /** Nobody has to give up any then. */
  private static boolean isShare(Member one) {
    return one.told.size() <= 22;
  }

  private Member member(String name, Duration life) {
    return member(name, INTERVAL, life, Ticker.system());
  }

  private Member member(String name, Duration interval, Duration life, Ticker ticker) {
    return new Member(name, settings, holds, interval, life, ticker);
  }

  /** Until each has said so often that it lives. */
  private static void awaitRounds(Member reader, int rounds, String... names) {
    for (String name : names) {
      for (int i = 0; i < rounds; i++) {
        long seen = reader.seenAt(name);
        await(() -> reader.seenAt(name) > seen);
      }
    }
  }
}
