package org.osprey.coordinator.contract;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.osprey.coordinator.core.Action;
import org.osprey.coordinator.core.Action.Encoding;
import org.osprey.coordinator.core.DeadLetter;
import org.osprey.coordinator.core.DeadLetter.Decoded;
import org.osprey.coordinator.core.DeadLetter.Reason;
import org.osprey.coordinator.core.DeadLetter.Undecoded;
import org.osprey.coordinator.core.DeadLetterStore;
import org.osprey.coordinator.core.DeadLetterStore.Snapshot;
import org.osprey.coordinator.core.DeadLetterStore.StoredLetter;

/** What every store of dead letters promises. */
public interface DeadLetterStoreContract {
  Duration PATIENCE = Duration.ofSeconds(40);

  Instant HAPPENED = Instant.parse("2026-11-21T10:15:30.123Z");

  /** A store that nobody else uses, empty. Made anew for each test, which closes it. */
  Rig rig() throws Exception;

  /** A store and what has to be closed after the test. */
  interface Rig extends AutoCloseable {
    DeadLetterStore store();

    @Override
    void close() throws IOException;
  }

  @Test
  default void anActionComesBackAsItWas() throws Exception {
    try (Rig rig = rig()) {
      Action action =
          new Action(
              -1,
              "user_login",
              Encoding.JSON,
              "{ \"a\" : 1.0, \"b\":\"\\u0000ü\"}".getBytes(UTF_8),
              "{\"token\":\"hush\"}".getBytes(UTF_8),
              HAPPENED);
      put(
          rig,
          new DeadLetter(
              Reason.WORKERS_LOST,
              "kafka",
              "topic=t partition=0 offset=9",
              new Decoded(action),
              2,
              5,
              "lost with worker \"w\"\n1 ü",
              new byte[] {0, (byte) 0xff}));
      DeadLetter letter = only(rig).letter();
      assertEquals(Reason.WORKERS_LOST, letter.reason());
      assertEquals("kafka", letter.source());
      assertEquals("topic=t partition=0 offset=9", letter.origin());
      assertEquals(2, letter.nacks());
      assertEquals(5, letter.deaths());
      assertEquals("lost with worker \"w\"\n1 ü", letter.error());
      assertArrayEquals(new byte[] {0, (byte) 0xff}, letter.result());
      assertSame(action, assertInstanceOf(Decoded.class, letter.content()).action());
    }
  }

  @Test
  default void aProtoActionComesBackAsItWas() throws Exception {
    try (Rig rig = rig()) {
      // An osprey.rpc.actions.v1.Action with id 7 and guild_created.
      byte[] payload = {9, 7, 0, 0, 0, 0, 0, 0, 0, 50, 2, (byte) 0xaa, 0};
      Action action = new Action(7, "guild_created", Encoding.PROTO, payload, null, HAPPENED);
      put(rig, letter(new Decoded(action)));
      assertSame(action, assertInstanceOf(Decoded.class, only(rig).letter().content()).action());
    }
  }

  @Test
  default void aMessageComesBackAsItWas() throws Exception {
    try (Rig rig = rig()) {
      byte[] data = {'{', 0, (byte) 0xff, (byte) 0xc3};
      Map<String, String> attributes = Map.of("encoding", "cobol", "trace", "ü \"1\"", "none", "");
      put(rig, letter(new Undecoded(new byte[] {0, (byte) 0xfe}, data, attributes, HAPPENED)));
      Undecoded message = assertInstanceOf(Undecoded.class, only(rig).letter().content());
      assertArrayEquals(data, message.data());
      assertArrayEquals(new byte[] {0, (byte) 0xfe}, message.key());
      assertEquals(attributes, message.attributes());
      assertEquals(HAPPENED, message.timestamp());
    }
  }

  @Test
  default void aMessageWithoutKeyAndDataComesBack() throws Exception {
    try (Rig rig = rig()) {
      put(rig, letter(new Undecoded(null, new byte[0], Map.of(), HAPPENED)));
      Undecoded message = assertInstanceOf(Undecoded.class, only(rig).letter().content());
      assertNull(message.key());
      assertEquals(0, message.data().length);
    }
  }

  @Test
  default void aSnapshotIsWhatWasThereInOrderAndEnds() throws Exception {
    try (Rig rig = rig()) {
      for (int i = 0; i < 25; i++) {
        put(rig, letter(i));
      }
      List<StoredLetter> found = new ArrayList<>();
      try (Snapshot snapshot = rig.store().snapshot(null)) {
        List<StoredLetter> batch = snapshot.next(10);
        put(rig, letter(99));
        while (!batch.isEmpty()) {
          assertTrue(batch.size() <= 10);
          found.addAll(batch);
          batch = snapshot.next(10);
        }
        assertEquals(List.of(), snapshot.next(10));
      }
      assertEquals(25, found.size());
      for (int i = 0; i < 25; i++) {
        assertEquals("error " + i, found.get(i).letter().error());
      }
      assertEquals(
          25, new HashSet<>(found.stream().map(StoredLetter::id).toList()).size(), "ids repeat");
      try (Snapshot later = rig.store().snapshot(found.get(19).id())) {
        List<String> errors =
            later.next(100).stream().map(stored -> stored.letter().error()).toList();
        assertEquals(
            List.of("error 20", "error 21", "error 22", "error 23", "error 24", "error 99"),
            errors);
      }
    }
  }

  @Test
  default void aLetterIsFoundByItsIdUntilItIsRemoved() throws Exception {
    try (Rig rig = rig()) {
      Instant before = Instant.now().minusSeconds(60);
      put(rig, letter(1));
      put(rig, letter(2));
      List<StoredLetter> all = all(rig);
      StoredLetter found = rig.store().find(all.getFirst().id());
      assertNotNull(found);
      assertEquals("error 1", found.letter().error());
      assertTrue(found.storedAt().isAfter(before), found.storedAt()::toString);

      assertEquals(1, rig.store().remove(List.of(all.getFirst().id())));
      assertNull(rig.store().find(all.getFirst().id()));
      assertEquals(List.of("error 2"), all(rig).stream().map(s -> s.letter().error()).toList());
      assertEquals(0, rig.store().remove(List.of(all.getFirst().id())));
      assertEquals(1, rig.store().remove(List.of(all.getLast().id())));
      assertEquals(List.of(), all(rig));
    }
  }

  @Test
  default void anIdThatWasNeverGivenIsUnknown() throws Exception {
    try (Rig rig = rig()) {
      put(rig, letter(1));
      for (String id : List.of("", "no-such-id", "-1", "99999999999999999999", "1-2-3", "../x")) {
        assertNull(rig.store().find(id), id);
        assertEquals(0, rig.store().remove(List.of(id)), id);
      }
    }
  }

  @Test
  default void anEmptyStoreIsNoError() throws Exception {
    try (Rig rig = rig()) {
      assertEquals(List.of(), all(rig));
      assertEquals(0, rig.store().remove(List.of()));
    }
  }

  @Test
  default void whatWasRemovedLeavesItsIdUnused() throws Exception {
    try (Rig rig = rig()) {
      put(rig, letter(1));
      String id = only(rig).id();
      rig.store().remove(List.of(id));
      put(rig, letter(2));
      assertTrue(!only(rig).id().equals(id), "id was used again");
    }
  }

  private static DeadLetter letter(int number) {
    Action action =
        new Action(number + 1, "a", Encoding.JSON, "{}".getBytes(UTF_8), null, HAPPENED);
    return new DeadLetter(
        Reason.NACKED,
        "contract",
        "place=" + number,
        new Decoded(action),
        1,
        0,
        "error " + number,
        null);
  }

  private static DeadLetter letter(DeadLetter.Content content) {
    return new DeadLetter(Reason.UNDECODABLE, "contract", "place=0", content, 0, 0, "error", null);
  }

  private static void put(Rig rig, DeadLetter letter) throws Exception {
    rig.store().put(letter).toCompletableFuture().get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
  }

  private static StoredLetter only(Rig rig) {
    await().atMost(PATIENCE).until(() -> !all(rig).isEmpty());
    List<StoredLetter> all = all(rig);
    assertEquals(1, all.size());
    return all.getFirst();
  }

  private static List<StoredLetter> all(Rig rig) {
    try (Snapshot snapshot = rig.store().snapshot(null)) {
      return snapshot.next(1000);
    }
  }

  /** Actions are not equal by themselves, because of their arrays. */
  private static void assertSame(Action expected, Action actual) {
    assertEquals(expected.idText(), actual.idText());
    assertEquals(expected.name(), actual.name());
    assertEquals(expected.encoding(), actual.encoding());
    assertArrayEquals(expected.payload(), actual.payload());
    assertEquals(text(expected.secret()), text(actual.secret()));
    assertEquals(expected.timestamp(), actual.timestamp());
  }

  private static @Nullable String text(byte @Nullable [] bytes) {
    return bytes == null ? null : new String(Objects.requireNonNull(bytes), UTF_8);
  }
}
