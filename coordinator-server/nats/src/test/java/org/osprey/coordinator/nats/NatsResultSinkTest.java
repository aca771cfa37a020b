package org.osprey.coordinator.nats;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.nats.client.api.MessageInfo;
import io.nats.client.api.StreamConfiguration;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.osprey.coordinator.core.Action;
import org.osprey.coordinator.core.Delivery;
import org.osprey.coordinator.core.InMemoryTracer;
import org.osprey.coordinator.core.Lane;
import org.osprey.coordinator.core.Outcome.Acked;
import org.osprey.coordinator.core.ResultSink.ResultTooLargeException;
import org.osprey.coordinator.core.Trace;

class NatsResultSinkTest {
  private static final byte[] RESULT = {1, 2};
  private static final byte[] VERDICTS = "verdicts".getBytes(UTF_8);

  private final TestNats nats = new TestNats(NatsServer.shared().url());
  private final Connected connected = Connected.to(NatsServer.shared().url());
  private final String stream = TestNats.newName();

  @AfterEach
  void close() {
    connected.close();
    nats.close();
  }

  @Test
  void headersSayWhatItIs() throws Exception {
    nats.createStream(stream);
    NatsResultSink sink = sink(true, 10);
    get(publish(sink, 7, new Acked(VERDICTS, RESULT)));
    get(publish(sink, 8, new Acked(VERDICTS, null)));
    List<MessageInfo> stored = nats.read(stream);
    assertEquals("execution_result", header(stored.get(0), "content"));
    assertEquals("7", header(stored.get(0), "action-id"));
    assertEquals("verdicts", header(stored.get(1), "content"));
    assertTrue(sink.check().healthy());
  }

  @Test
  void theTraceIsCarriedOn() throws Exception {
    nats.createStream(stream);
    String parent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
    Action action = action(7);
    Trace trace =
        new InMemoryTracer()
            .begin(action, Lane.ASYNC, "test", 0, Map.of("traceparent", parent)::get);
    Delivery delivery = Delivery.async(action, "test", null, outcome -> {}, trace);
    get(sink(true, 10).publish(delivery, new Acked(null, RESULT)).toCompletableFuture());
    assertEquals(parent, header(nats.read(stream).getFirst(), "traceparent"));
  }

  @Test
  void verdictsAloneAreWantedOnlyWhenSettingsSaySo() throws Exception {
    nats.createStream(stream);
    NatsResultSink sink = sink(false, 10);
    assertFalse(sink.wants(new Acked(VERDICTS, null)));
    assertTrue(sink.wants(new Acked(VERDICTS, RESULT)));
    get(publish(sink, 1, new Acked(VERDICTS, null)));
    assertEquals(0, nats.count(stream));
  }

  @Test
  void anActionThatIsHandledTwiceHasTwoResults() throws Exception {
    nats.createStream(stream);
    NatsResultSink sink = sink(false, 10);
    get(publish(sink, 7, new Acked(null, RESULT)));
    get(publish(sink, 7, new Acked(null, RESULT)));
    assertEquals(2, nats.count(stream));
  }

  @Test
  void aSubjectWithoutAStreamFailsAndIsSaid() throws Exception {
    NatsResultSink sink = sink(false, 10);
    assertThrows(ExecutionException.class, () -> get(publish(sink, 1, new Acked(null, RESULT))));
    assertFalse(sink.check().healthy());
    assertTrue(
        sink.check().detail().contains("nats.resultsSubject=" + stream + ".results"),
        sink.check()::toString);

    nats.createStream(stream);
    get(publish(sink, 1, new Acked(null, RESULT)));
    assertTrue(sink.check().healthy());
  }

  @Test
  void theLimitIsNamedWhereverItComesFrom() {
    NatsResultSink sink = sink(false, 10);
    nats.createStream(
        StreamConfiguration.builder()
            .name(stream)
            .subjects(stream + ".>")
            .maximumMessageSize(1000)
            .build());
    assertTooLarge(sink, 1 << 20, "max_payload=1048576");
    assertTooLarge(sink, 2000, "max_msg_size");
  }

  @Test
  void unconfirmedResultsAreBounded() throws Exception {
    try (NatsServer server = NatsServer.start();
        TestNats own = new TestNats(server.url());
        Connected other = Connected.to(server.url())) {
      own.createStream(stream);
      NatsResultSink sink =
          new NatsResultSink(
              other.connection(), new NatsResultSettings(stream + ".results", false, 2));
      server.freeze();
      CompletableFuture<Void> first = publish(sink, 1, new Acked(null, RESULT));
      CompletableFuture<Void> second = publish(sink, 2, new Acked(null, RESULT));
      CompletableFuture<Void> third = publish(sink, 3, new Acked(null, RESULT));
      ExecutionException refused = assertThrows(ExecutionException.class, third::get);
      assertInstanceOf(RejectedExecutionException.class, refused.getCause());
      assertFalse(first.isDone());
      assertFalse(second.isDone());
      server.thaw();
      get(first);
      get(second);
      get(publish(sink, 4, new Acked(null, RESULT)));
    }
  }

  @Test
  void withoutAConnectionItFailsAtOnce() {
    NatsServer server = NatsServer.start();
    try (server;
        Connected other = Connected.to(server.url())) {
      NatsResultSink sink = new NatsResultSink(other.connection(), NatsResultSettings.DEFAULTS);
      server.kill();
      await().atMost(Duration.ofMinutes(1)).until(() -> other.connection().current() == null);
      CompletableFuture<Void> published = publish(sink, 1, new Acked(null, RESULT));
      assertTrue(published.isCompletedExceptionally());
      assertTrue(sink.check().detail().contains("nats.servers="), sink.check()::toString);
    }
  }

  private static void assertTooLarge(NatsResultSink sink, int size, String limit) {
    ExecutionException refused =
        assertThrows(
            ExecutionException.class, () -> get(publish(sink, 1, new Acked(null, new byte[size]))));
    ResultTooLargeException cause =
        assertInstanceOf(ResultTooLargeException.class, refused.getCause());
    String message = String.valueOf(cause.getMessage());
    assertTrue(message.contains("nats.resultsSubject="), message);
    assertTrue(message.contains(limit), message);
  }

  private NatsResultSink sink(boolean includeVerdicts, int maxUnconfirmed) {
    return new NatsResultSink(
        connected.connection(),
        new NatsResultSettings(stream + ".results", includeVerdicts, maxUnconfirmed));
  }

  private static CompletableFuture<Void> publish(NatsResultSink sink, long id, Acked acked) {
    Delivery delivery = Delivery.async(action(id), "test", null, outcome -> {});
    return sink.publish(delivery, acked).toCompletableFuture();
  }

  private static Action action(long id) {
    return new Action(id, "test", Action.Encoding.JSON, "{}".getBytes(UTF_8), null, Instant.EPOCH);
  }

  private static @Nullable String header(MessageInfo message, String name) {
    return Objects.requireNonNull(message.getHeaders()).getFirst(name);
  }

  private static void get(CompletableFuture<Void> stage) throws Exception {
    stage.get(60, TimeUnit.SECONDS);
  }
}
