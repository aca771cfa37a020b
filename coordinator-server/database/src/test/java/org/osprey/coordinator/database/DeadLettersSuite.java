package org.osprey.coordinator.database;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.osprey.coordinator.database.TestDatabase.PATIENCE;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.osprey.coordinator.contract.DeadLetterStoreContract;
import org.osprey.coordinator.core.Action;
import org.osprey.coordinator.core.DeadLetter;
import org.osprey.coordinator.core.DeadLetter.Decoded;
import org.osprey.coordinator.core.DeadLetter.Reason;
import org.osprey.coordinator.core.DeadLetter.Undecoded;
import org.osprey.coordinator.core.DeadLetterStore.Snapshot;
import org.osprey.coordinator.core.DeadLetterStore.StoreException;
import org.osprey.coordinator.core.DeadLetterStore.StoredLetter;

/** What a database promises of dead letters beyond the contract of every store. */
interface DeadLettersSuite extends DeadLetterStoreContract {
  Instant FINE = Instant.parse("2026-11-21T10:15:30.123456789Z");

  @Override
  DeadLettersRig rig();

  @Test
  default void timesAreKeptToTheNanosecondAndFarFromNow() throws Exception {
    try (DeadLettersRig rig = rig()) {
      Instant far = Instant.parse("+12345-01-01T00:00:00Z");
      put(rig, letter(new Action(7, "a", Action.Encoding.JSON, bytes(), null, FINE, far)));
      Action action = assertInstanceOf(Decoded.class, only(rig).letter().content()).action();
      assertEquals(FINE, action.timestamp());
      assertEquals(far, action.notBefore());
    }
  }

  @Test
  default void textNoDatabaseTakesComesBackAsItWas() throws Exception {
    String text = "a\u0000b\uD83Dc\\u0000";
    try (DeadLettersRig rig = rig()) {
      Undecoded message = new Undecoded(null, bytes(), Map.of(text, text), FINE);
      put(rig, new DeadLetter(Reason.UNDECODABLE, text, text, message, 0, 0, text, null));
      put(rig, letter(new Action(7, text, Action.Encoding.JSON, bytes(), null, FINE)));
      List<StoredLetter> all = all(rig);
      DeadLetter first = all.getFirst().letter();
      assertEquals(text, first.source());
      assertEquals(text, first.origin());
      assertEquals(text, first.error());
      assertEquals(
          Map.of(text, text), assertInstanceOf(Undecoded.class, first.content()).attributes());
      DeadLetter second = all.getLast().letter();
      assertEquals(text, assertInstanceOf(Decoded.class, second.content()).action().name());
    }
  }

  @Test
  default void whatIsNoIdOfOursIsNotThere() throws Exception {
    try (DeadLettersRig rig = rig()) {
      put(rig, letter(action(1)));
      assertNull(rig.store().find("none"));
      assertNull(rig.store().find(""));
      assertNull(rig.store().find("99999999999999999999999"));
      assertNull(rig.store().find("-1"));
      assertEquals(0, rig.store().remove(List.of("none", "-1", "12345")));
      assertEquals(1, all(rig).size());
    }
  }

  @Test
  default void pagesAndRemovalsAreBounded() throws Exception {
    try (DeadLettersRig rig = rig()) {
      List<CompletionStage<Void>> puts = new ArrayList<>();
      for (int i = 0; i < 1200; i++) {
        puts.add(rig.store().put(letter(action(i))));
      }
      for (CompletionStage<Void> put : puts) {
        put.toCompletableFuture().get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
      }
      try (Snapshot snapshot = rig.store().snapshot(null)) {
        assertEquals(500, snapshot.next(Integer.MAX_VALUE).size());
      }
      List<StoredLetter> all = all(rig);
      assertEquals(1200, all.size());
      assertEquals(1199, rig.store().remove(ids(all.subList(1, all.size()))));
      assertEquals(ids(all.subList(0, 1)), ids(all(rig)));
    }
  }

  @Test
  default void countsTellTheReasons() throws Exception {
    try (DeadLettersRig rig = rig()) {
      DatabaseDeadLetters letters = assertInstanceOf(DatabaseDeadLetters.class, rig.store());
      assertEquals(Map.of(), letters.counts());
      put(rig, letter(action(1)));
      put(rig, letter(action(2)));
      put(rig, DeadLetter.undecodable("s", "o", new Undecoded(null, bytes(), Map.of(), FINE), ""));
      assertEquals(Map.of(Reason.NACKED, 2L, Reason.UNDECODABLE, 1L), letters.counts());
    }
  }

  @Test
  default void aClosedStoreSaysSo() {
    DeadLettersRig rig = rig();
    rig.close();
    StoreException error = assertThrows(StoreException.class, () -> rig.store().find("1"));
    assertTrue(String.valueOf(error.getMessage()).startsWith("dead letters: database."));
    assertThrows(StoreException.class, () -> rig.store().snapshot(null));
    assertThrows(StoreException.class, () -> rig.store().remove(List.of("1")));
    assertTrue(rig.store().put(letter(action(1))).toCompletableFuture().isCompletedExceptionally());
  }

  private static DeadLetter letter(Action action) {
    return new DeadLetter(Reason.NACKED, "s", "o", new Decoded(action), 3, 0, "", null);
  }

  private static Action action(int id) {
    return new Action(id, "a", Action.Encoding.JSON, bytes(), null, FINE);
  }

  private static byte[] bytes() {
    return "{}".getBytes(UTF_8);
  }

  private static void put(DeadLettersRig rig, DeadLetter letter) throws Exception {
    rig.store().put(letter).toCompletableFuture().get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
  }

  private static StoredLetter only(DeadLettersRig rig) {
    List<StoredLetter> all = all(rig);
    assertEquals(1, all.size());
    StoredLetter found = rig.store().find(all.getFirst().id());
    assertNotNull(found);
    return found;
  }

  private static List<StoredLetter> all(DeadLettersRig rig) {
    List<StoredLetter> all = new ArrayList<>();
    try (Snapshot snapshot = rig.store().snapshot(null)) {
      for (List<StoredLetter> page = snapshot.next(100);
          !page.isEmpty();
          page = snapshot.next(100)) {
        all.addAll(page);
      }
    }
    return all;
  }

  private static List<String> ids(List<StoredLetter> letters) {
    return letters.stream().map(StoredLetter::id).toList();
  }
}
