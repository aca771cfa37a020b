package org.osprey.coordinator.streams.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.osprey.coordinator.streams.store.Databases.await;
import static org.osprey.coordinator.streams.store.Databases.done;
import static org.osprey.coordinator.streams.store.Databases.snapshot;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.osprey.coordinator.core.ManualTicker;
import org.osprey.coordinator.database.DatabaseSettings;
import org.osprey.coordinator.streams.Hold;

/** One coordinator that has its database for itself. */
@Timeout(120)
class SqliteOwnershipTest {
  private static final Duration INTERVAL = Duration.ofSeconds(2);
  private static final Duration LIFE = Duration.ofSeconds(8);

  private final ManualTicker ticker = new ManualTicker();
  private final RecordedHolds holds = new RecordedHolds();
  @TempDir private Path folder;

  @Test
  void everythingIsOursForEver() {
    try (Member member = member("a").start()) {
      await(() -> member.has(64));
      assertTrue(member.ownership.check().healthy(), member.ownership.check().detail());
      assertEquals(List.of("a"), member.instances());
      assertEquals("a", member.ownership.owner(63));
      Hold hold = member.hold(63);
      assertEquals(new Hold(63, 1), hold);
      ticker.advance(Duration.ofDays(10_000));
      assertTrue(member.ownership.heldUntil(hold) - ticker.nanos() > 0);
      assertEquals(Long.MIN_VALUE, member.ownership.heldUntil(new Hold(63, 2)));
      assertEquals(64, member.figure("streams_partitions_claimed"));
      assertEquals(0, member.figure("streams_partitions_lost"));
    }
    assertEquals(List.of(), holds.faults());
  }

  /** Although the last one did not say that it ends, under another name too. */
  @Test
  void aRestartHasEverythingAtOnce() throws Exception {
    Member first = member("a").start();
    await(() -> first.has(64));
    String id = Databases.idIn(9);
    done(first.snapshots.save(first.hold(9), snapshot(id, 1)));
    first.die();
    try (Member second = member("b").start()) {
      await(() -> second.has(64));
      assertEquals(new Hold(9, 2), second.hold(9));
      assertEquals(List.of(snapshot(id, 1)), second.told.streams(9));
    }
    assertEquals(List.of(), holds.faults());
  }

  @Test
  void closingGivesEverythingUp() {
    Member member = member("a").start();
    await(() -> member.has(64));
    Hold hold = member.hold(0);
    member.ownership.close();
    assertEquals(0, member.told.size());
    assertNull(member.ownership.owner(0));
    assertEquals(Long.MIN_VALUE, member.ownership.heldUntil(hold));
    member.close();
    assertEquals(64, member.figure("streams_partitions_lost"));
  }

  @Test
  void aListenerThatFailsForOnePartitionGetsItAgain() {
    try (Member member = member("a")) {
      member.told.failOnceOn(5);
      member.start();
      await(() -> member.told.size() == 63);
      assertNull(member.ownership.owner(5));
      // The next round is due.
      ticker.advance(INTERVAL);
      await(() -> member.has(64));
      assertEquals(new Hold(5, 2), member.hold(5));
      assertEquals(new Hold(6, 1), member.hold(6));
    }
    assertEquals(List.of(), holds.faults());
  }

  @Test
  void itGoesOnTryingUntilThereIsADatabase() throws Exception {
    Path inTheWay = Files.createFile(folder.resolve("db"));
    DatabaseSettings settings =
        DatabaseSettings.builder()
            .file(inTheWay.resolve("test.db"))
            .writeTimeout(Duration.ofMillis(200))
            .build();
    try (Member member = new Member("a", settings, holds, INTERVAL, LIFE, ticker)) {
      member.start();
      await(() -> member.figure("streams_lease_renewals_failed") > 0);
      assertFalse(member.ownership.check().healthy());
      assertNull(member.ownership.owner(0));
      Files.delete(inTheWay);
      await(
          () -> {
            ticker.advance(INTERVAL);
            return member.has(64);
          });
      await(() -> member.ownership.check().healthy());
    }
    assertEquals(List.of(), holds.faults());
  }

  @Test
  void aLifeThatNoRenewalCanKeepIsRefused() {
    assertThrows(
        IllegalArgumentException.class,
        () -> new Member("a", settings(), holds, INTERVAL, Duration.ofSeconds(3), ticker));
  }

  private Member member(String name) {
    return new Member(name, settings(), holds, INTERVAL, LIFE, ticker);
  }

  private DatabaseSettings settings() {
    return DatabaseSettings.builder().file(folder.resolve("test.db")).build();
  }
}
