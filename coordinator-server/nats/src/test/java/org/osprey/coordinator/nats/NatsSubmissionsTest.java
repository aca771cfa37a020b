package org.osprey.coordinator.nats;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.nats.client.api.MessageInfo;
import io.nats.client.api.StreamConfiguration;
import io.nats.client.impl.Headers;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.osprey.coordinator.core.Action;
import org.osprey.coordinator.core.Submissions.RefusedException;
import org.osprey.coordinator.core.Submissions.RefusedException.Reason;

class NatsSubmissionsTest {
  private final TestNats nats = new TestNats(NatsServer.shared().url());
  private final Connected connected = Connected.to(NatsServer.shared().url());
  private final String stream = TestNats.newName();

  @AfterEach
  void disconnect() {
    connected.close();
    nats.close();
  }

  @Test
  void theSourceReadsWhatWasSubmitted() throws Exception {
    nats.createStream(StreamConfiguration.builder().name(stream).subjects(stream).build());
    NatsSubmissions submissions = submissions("");
    Instant happenedAt = Instant.parse("2001-02-03T04:05:06.789012345Z");
    Action sent =
        new Action(
            -1,
            "ü\"",
            Action.Encoding.JSON,
            "{ \"a\":1.0 }".getBytes(UTF_8),
            "{\"s\":1}".getBytes(UTF_8),
            happenedAt,
            Instant.parse("2030-01-01T00:00:00Z"));
    submissions.submit(sent).toCompletableFuture().get(60, TimeUnit.SECONDS);
    MessageInfo stored = nats.read(stream).getFirst();
    assertEquals(stream, stored.getSubject());
    Headers headers = Objects.requireNonNull(stored.getHeaders());
    Action got =
        Connected.DECODER.decode(
            Objects.requireNonNull(stored.getData()), headers::getFirst, Instant.now());
    assertEquals(sent.idText(), got.idText());
    assertEquals(sent.name(), got.name());
    assertArrayEquals(sent.payload(), got.payload());
    assertArrayEquals(sent.secret(), got.secret());
    assertEquals(happenedAt, got.timestamp());
    assertEquals(sent.notBefore(), got.notBefore());
    assertTrue(submissions.check().healthy(), submissions.check()::toString);
    nats.deleteStream(stream);
  }

  @Test
  void whatIsTooLargeIsRefused() {
    nats.createStream(
        StreamConfiguration.builder()
            .name(stream)
            .subjects(stream)
            .maximumMessageSize(500)
            .build());
    NatsSubmissions submissions = submissions(stream);
    assertEquals(Reason.TOO_LARGE, refusal(submissions, action(600)).reason());
    RefusedException refused = refusal(submissions, action(2 << 20));
    assertEquals(Reason.TOO_LARGE, refused.reason());
    assertTrue(String.valueOf(refused.getMessage()).contains("nats.stream=" + stream));
    assertTrue(submissions.check().healthy(), submissions.check()::toString);
    nats.deleteStream(stream);
  }

  @Test
  void aSubjectThatNoStreamTakesIsSaid() {
    NatsSubmissions submissions = submissions(stream + ".none");
    RefusedException refused = refusal(submissions, action(10));
    assertEquals(Reason.UNAVAILABLE, refused.reason());
    assertFalse(submissions.check().healthy());
    assertTrue(submissions.check().detail().contains("nats.submitSubject=" + stream + ".none"));
  }

  @Test
  void aSubjectOfAnotherStreamIsRefused() {
    String other = TestNats.newName();
    nats.createStream(other);
    assertEquals(Reason.UNAVAILABLE, refusal(submissions(other + ".a"), action(10)).reason());
    assertEquals(0, nats.count(other));
    nats.deleteStream(other);
  }

  @Test
  void theSubjectIsOneThatTheSourceReadsAsEnvelopes() {
    NatsSourceSettings.Builder source =
        NatsSourceSettings.builder("orders")
            .subjects("orders.*.new", "orders.http")
            .actionNames(Map.of("orders.bare.>", "bare"));
    assertEquals("orders.http", NatsSubmissionSettings.of(source.build(), "").subject());
    assertEquals(
        "orders.a.new", NatsSubmissionSettings.of(source.build(), "orders.a.new").subject());
    assertEquals(
        "orders",
        NatsSubmissionSettings.of(NatsSourceSettings.builder("orders").build(), "").subject());
    assertEquals(
        "nats.submitSubject must be one of nats.subjects [orders.*.new, orders.http], got other",
        assertThrows(
                IllegalArgumentException.class,
                () -> NatsSubmissionSettings.of(source.build(), "other"))
            .getMessage());
    assertEquals(
        "nats.submitSubject must have no name in nats.actionNames, got orders.bare.new with bare",
        assertThrows(
                IllegalArgumentException.class,
                () -> NatsSubmissionSettings.of(source.build(), "orders.bare.new"))
            .getMessage());
  }

  private NatsSubmissions submissions(String subject) {
    return new NatsSubmissions(
        connected.connection(),
        NatsSubmissionSettings.of(NatsSourceSettings.builder(stream).build(), subject));
  }

  private static Action action(int size) {
    String data = "{\"a\":\"%s\"}".formatted("x".repeat(size));
    return new Action(
        7, "a", Action.Encoding.JSON, data.getBytes(UTF_8), null, Instant.EPOCH, null);
  }

  private static RefusedException refusal(NatsSubmissions submissions, Action action) {
    CompletableFuture<Void> submitted = submissions.submit(action).toCompletableFuture();
    ExecutionException failure =
        assertThrows(ExecutionException.class, () -> submitted.get(60, TimeUnit.SECONDS));
    return assertInstanceOf(RefusedException.class, failure.getCause());
  }
}
