package org.osprey.coordinator.nats;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.nats.client.api.StreamConfiguration;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.osprey.coordinator.core.Action;
import org.osprey.coordinator.core.Action.Encoding;
import org.osprey.coordinator.core.DeadLetter;
import org.osprey.coordinator.core.DeadLetter.Decoded;
import org.osprey.coordinator.core.DeadLetter.Reason;
import org.osprey.coordinator.core.DeadLetter.Undecoded;
import org.osprey.coordinator.core.DeadLetterStore.Snapshot;
import org.osprey.coordinator.core.DeadLetterStore.StoreException;
import org.osprey.coordinator.core.DeadLetterStore.StoredLetter;

/** What the contract does not say, because it is about JetStream. */
class NatsDeadLettersTest {
  private static final Duration PATIENCE = Duration.ofMinutes(1);
  private static final int TOO_LARGE = 1 << 20;

  private final TestNats nats = new TestNats(NatsServer.shared().url());
  private final Connected connected = Connected.to(NatsServer.shared().url());
  private final String stream = TestNats.newName();
  private final NatsDeadLetters letters = letters(true);

  @AfterEach
  void close() {
    letters.close();
    connected.close();
    nats.close();
  }

  @Test
  void aPayloadThatIsTooLargeStaysOutAndIsNoActionAnyMore() throws Exception {
    start();
    put(new Decoded(action(new byte[TOO_LARGE])), null);
    Undecoded left = assertInstanceOf(Undecoded.class, only().letter().content());
    assertEquals(0, left.data().length);
    assertEquals("7", left.attributes().get("dead-letter-action-id"));
    String bytes = left.attributes().get("dead-letter-payload-bytes");
    assertTrue(bytes != null && Integer.parseInt(bytes) > TOO_LARGE, () -> "got " + bytes);
    assertEquals(Reason.RESULT_TOO_LARGE, only().letter().reason());
  }

  @Test
  void aResultThatIsTooLargeStaysOutBeforeThePayload() throws Exception {
    start();
    byte[] payload = "{\"n\":1}".getBytes(UTF_8);
    put(new Decoded(action(payload)), new byte[TOO_LARGE]);
    assertNull(only().letter().result());
    Decoded whole = assertInstanceOf(Decoded.class, only().letter().content());
    assertArrayEquals(payload, whole.action().payload());
  }

  @Test
  void attributesThatAreTooLargeStayOutBeforeThePayload() throws Exception {
    start();
    Map<String, String> attributes = new HashMap<>();
    for (int i = 0; i < 40; i++) {
      attributes.put("header: " + i, "ü\r\n".repeat(10_000));
    }
    put(new Undecoded(null, new byte[] {9}, attributes, Instant.EPOCH), null);
    Undecoded left = assertInstanceOf(Undecoded.class, only().letter().content());
    assertArrayEquals(new byte[] {9}, left.data());
    assertEquals(Map.of("dead-letter-attributes-left-out", "40"), left.attributes());
  }

  @Test
  void largeAttributesThatFitAreKept() throws Exception {
    start();
    Map<String, String> attributes = Map.of("a b:ü\n", "v\r\n%41ü".repeat(1000), "", " x ");
    put(new Undecoded(null, new byte[0], attributes, Instant.EPOCH), null);
    assertEquals(
        attributes, assertInstanceOf(Undecoded.class, only().letter().content()).attributes());
  }

  @Test
  void theStreamsOwnLimitCountsToo() throws Exception {
    nats.createStream(
        StreamConfiguration.builder()
            .name(stream)
            .subjects(stream + ".letters")
            .maximumMessageSize(5000)
            .build());
    start();
    put(new Decoded(action(new byte[6000])), null);
    assertEquals(0, assertInstanceOf(Undecoded.class, only().letter().content()).data().length);
  }

  @Test
  void aMessageOfSomebodyElseIsALetterToo() {
    start();
    nats.publish(stream + ".letters", "{}".getBytes(UTF_8), Map.of("who", "me"));
    DeadLetter letter = only().letter();
    assertEquals(Reason.UNDECODABLE, letter.reason());
    Undecoded content = assertInstanceOf(Undecoded.class, letter.content());
    assertArrayEquals("{}".getBytes(UTF_8), content.data());
    assertEquals(Map.of("who", "me"), content.attributes());
  }

  @Test
  void aStreamThatMustNotBeMadeIsSaidAndWaitedFor() throws Exception {
    try (NatsDeadLetters waiting = letters(false)) {
      waiting.start();
      await()
          .atMost(PATIENCE)
          .until(() -> waiting.check().detail().contains("nats.deadLetterStream=" + stream));
      assertThrows(StoreException.class, () -> waiting.snapshot(null));
      assertTrue(
          waiting
              .put(letter(new Decoded(action(new byte[] {'{', '}'})), null))
              .handle((nothing, failure) -> failure != null)
              .toCompletableFuture()
              .get(60, TimeUnit.SECONDS));

      nats.createStream(
          StreamConfiguration.builder().name(stream).subjects(stream + ".other").build());
      await().atMost(PATIENCE).until(() -> waiting.check().detail().contains("takes"));
      nats.deleteStream(stream);
      nats.createStream(stream);
      await().atMost(PATIENCE).until(waiting::isReady);
    }
  }

  @Test
  void aStreamThatIsDeletedIsMadeAnew() {
    start();
    nats.deleteStream(stream);
    DeadLetter letter = letter(new Decoded(action(new byte[] {'{', '}'})), null);
    await()
        .atMost(PATIENCE)
        .ignoreExceptions()
        .until(() -> letters.put(letter).toCompletableFuture().get(60, TimeUnit.SECONDS) == null);
    assertNotNull(letters.find("1"));
    await().atMost(PATIENCE).until(() -> letters.check().healthy());
  }

  @Test
  void whatIsNoIdIsNotFound() {
    start();
    assertNull(letters.find("x"));
    assertNull(letters.find("0"));
    assertNull(letters.find("999"));
    assertEquals(0, letters.remove(List.of("x", "-1", "999")));
  }

  private NatsDeadLetters letters(boolean create) {
    return connected.deadLetters(
        new NatsDeadLetterSettings(stream, stream + ".letters", create, 1));
  }

  private void start() {
    letters.start();
    await().atMost(PATIENCE).until(letters::isReady);
  }

  private void put(DeadLetter.Content content, byte @Nullable [] result) throws Exception {
    letters.put(letter(content, result)).toCompletableFuture().get(60, TimeUnit.SECONDS);
  }

  private StoredLetter only() {
    try (Snapshot snapshot = letters.snapshot(null)) {
      List<StoredLetter> all = snapshot.next(10);
      assertEquals(1, all.size());
      return all.getFirst();
    }
  }

  private static DeadLetter letter(DeadLetter.Content content, byte @Nullable [] result) {
    return new DeadLetter(
        Reason.RESULT_TOO_LARGE, "test", "place=1", content, 1, 2, "error", result);
  }

  private static Action action(byte[] payload) {
    return new Action(7, "test", Encoding.JSON, payload, null, Instant.EPOCH);
  }
}
