package org.osprey.coordinator.tracing;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.sdk.testing.exporter.InMemorySpanExporter;
import io.opentelemetry.sdk.trace.data.SpanData;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.osprey.coordinator.core.Delivery;
import org.osprey.coordinator.core.Outcome;
import org.osprey.coordinator.core.ResultSink;
import org.osprey.coordinator.core.WorkerStream;

class TracingTest {
  private static final String TRACE = "0af7651916cd43dd8448eb211c80319c";
  private static final String PARENT = "b7ad6b7169203331";
  private static final Map<String, String> SAMPLED =
      Map.of("traceparent", "00-" + TRACE + "-" + PARENT + "-01", "tracestate", "vendor=x");
  private static final Outcome.Acked RESULT = new Outcome.Acked(null, new byte[] {1});

  private final InMemorySpanExporter exporter = InMemorySpanExporter.create();
  private final Published published = new Published();
  private final TracedDispatcher core = new TracedDispatcher();
  private final Tracing tracing = tracing(0);

  @AfterEach
  void close() {
    tracing.close();
  }

  @Test
  void anActionIsATreeOfSpansBelowTheTraceItCameWith() {
    core.with(tracing, published).offer(-1, SAMPLED);
    WorkerStream stream = core.connect("worker-1");
    core.pass(30);
    core.ack(stream, RESULT);

    List<SpanData> spans = spans(6);
    SpanData root = named("action user_login", spans).getFirst();
    assertEquals(TRACE, root.getTraceId());
    assertEquals(PARENT, root.getParentSpanId());
    assertEquals(SpanKind.CONSUMER, root.getKind());
    assertEquals(StatusCode.UNSET, root.getStatus().getStatusCode());
    assertEquals("18446744073709551615", root.getAttributes().get(Attribute.ACTION_ID));
    assertEquals("user_login", root.getAttributes().get(Attribute.ACTION_NAME));
    assertEquals("async", root.getAttributes().get(Attribute.LANE));
    assertEquals("test", root.getAttributes().get(Attribute.SOURCE));
    assertEquals("acked", root.getAttributes().get(Attribute.OUTCOME));
    assertEquals(1, root.getAttributes().get(Attribute.ATTEMPTS));
    assertEquals(nanos(core.now()) - nanos(TracedDispatcher.START), length(root));
    assertEquals(nanos(TracedDispatcher.START), root.getStartEpochNanos());
    List<SpanData> children = new ArrayList<>(spans);
    children.remove(root);
    assertEquals(
        List.of("receive", "queue", "hand-over", "publish", "ack"),
        children.stream().map(SpanData::getName).toList());
    children.forEach(child -> assertEquals(root.getSpanId(), child.getParentSpanId()));
    SpanData handOver = named("hand-over", spans).getFirst();
    assertEquals("worker-1", handOver.getAttributes().get(Attribute.WORKER));
    assertEquals(TimeUnit.MILLISECONDS.toNanos(30), length(handOver));
    assertEquals(TimeUnit.MILLISECONDS.toNanos(5), length(named("receive", spans).getFirst()));
    assertEquals(
        "coordinator-1", root.getResource().getAttribute(AttributeKey.stringKey("service.name")));
  }

  @Test
  void aResultCarriesTheSpanThatPublishedIt() {
    core.with(tracing, published).offer(1, SAMPLED);
    core.ack(core.connect("worker-1"), RESULT);

    SpanData publish = named("publish", spans(6)).getFirst();
    assertEquals(SpanKind.PRODUCER, publish.getKind());
    assertEquals(
        Map.of(
            "traceparent",
            "00-" + TRACE + "-" + publish.getSpanId() + "-01",
            "tracestate",
            "vendor=x"),
        published.headers);
  }

  @Test
  void handOversThatFailedAreSpansOfTheirOwn() {
    core.with(tracing, null).offer(1, SAMPLED);
    core.dispatcher().lose(core.connect("dying"));
    WorkerStream sleeping = core.connect("sleeping");
    core.pass(61_000);
    core.dispatcher().lose(sleeping);
    WorkerStream stream = core.connect("refusing");
    core.pass(5_000);
    core.nack(stream);
    core.pass(5_000);
    core.ack(stream, Outcome.Acked.EMPTY);

    List<SpanData> spans = spans(11);
    List<SpanData> handOvers = named("hand-over", spans);
    assertEquals(List.of("lost", "expired", "nacked", "acked"), outcomes(handOvers));
    assertEquals(
        List.of(1L, 2L, 3L, 4L),
        handOvers.stream().map(span -> span.getAttributes().get(Attribute.ATTEMPT)).toList());
    assertEquals(
        List.of(StatusCode.ERROR, StatusCode.ERROR, StatusCode.ERROR, StatusCode.UNSET),
        handOvers.stream().map(span -> span.getStatus().getStatusCode()).toList());
    assertEquals(4, named("queue", spans).size());
    assertEquals(List.of("acked"), outcomes(named("action user_login", spans)));
  }

  @Test
  void whatIsGivenUpIsAnErrorWithADeadLetter() {
    core.with(tracing, null).offer(1, SAMPLED);
    WorkerStream stream = core.connect("refusing");
    for (int i = 0; i < 3; i++) {
      core.nack(stream);
      core.pass(5_000);
    }
    List<SpanData> spans = spans(10);
    assertEquals(1, named("dead letter", spans).size());
    SpanData root = named("action user_login", spans).getFirst();
    assertEquals(List.of("dead_lettered"), outcomes(List.of(root)));
    assertEquals(StatusCode.ERROR, root.getStatus().getStatusCode());
  }

  @Test
  void aFailedPublishSaysItsKindAndNoContents() {
    published.failure = new IllegalStateException(TracedDispatcher.SECRET);
    core.with(tracing, published).offer(1, SAMPLED);
    core.ack(core.connect("worker-1"), RESULT);
    core.pass(1_000);

    List<SpanData> tries = named("publish", spans(7));
    assertEquals("IllegalStateException", tries.getFirst().getStatus().getDescription());
    assertEquals(StatusCode.UNSET, tries.getLast().getStatus().getStatusCode());
    assertFalse(
        exporter.getFinishedSpanItems().toString().contains(TracedDispatcher.SECRET),
        "contents in a span");
  }

  @Test
  void whoeverBeganTheTraceDecides() {
    Map<String, String> unsampled = Map.of("traceparent", "00-" + TRACE + "-" + PARENT + "-00");
    core.with(tracing, published).offer(1, unsampled);
    core.ack(core.connect("worker-1"), RESULT);
    core.offer(2, Map.of());

    assertTrue(String.valueOf(published.headers.get("traceparent")).startsWith("00-" + TRACE));
    assertTrue(String.valueOf(published.headers.get("traceparent")).endsWith("-00"));
    tracing.close();
    assertEquals(List.of(), exporter.getFinishedSpanItems());
    assertEquals(new TracingStats(0, 0, 0), tracing.stats());
  }

  @Test
  void aShareOfTheOthersIsTraced() {
    Tracing all = tracing(1);
    core.with(all, null).offer(1, Map.of("traceparent", "nonsense"));
    core.ack(core.connect("worker-1"), Outcome.Acked.EMPTY);

    SpanData root = named("action user_login", spans(5)).getFirst();
    assertEquals("0000000000000000", root.getParentSpanId());
    all.close();
  }

  @Test
  void spansThatFindNoPlaceAreDroppedAndCounted() {
    // Not started, so nothing leaves.
    Tracing stuck = new Tracing(settings(1), InMemorySpanExporter.create(), core.ticker, core::now);
    core.with(stuck, null);
    WorkerStream stream = core.connect("worker-1");
    for (int id = 1; id <= 2_000; id++) {
      core.offer(id, Map.of());
      core.ack(stream, Outcome.Acked.EMPTY);
    }
    assertEquals(
        new TracingStats(0, 2_000 * 5 - SpanQueue.PLACES, SpanQueue.PLACES), stuck.stats());
    assertTrue(stuck.check().healthy());
    assertTrue(stuck.check().detail().contains("dropped=1808"), stuck.check()::detail);
  }

  private Tracing tracing(double ratio) {
    Tracing started = new Tracing(settings(ratio), exporter, core.ticker, core::now);
    started.start();
    return started;
  }

  private static TracingSettings settings(double ratio) {
    return new TracingSettings(
        TracingSettings.Exporter.OTLP, "http://localhost:4318", ratio, "coordinator-1");
  }

  /** In the order in which they began; those that began together, as they ended. */
  private List<SpanData> spans(int count) {
    await().until(() -> exporter.getFinishedSpanItems().size() >= count);
    List<SpanData> spans = new ArrayList<>(exporter.getFinishedSpanItems());
    assertEquals(count, spans.size(), spans::toString);
    spans.sort(Comparator.comparingLong(SpanData::getStartEpochNanos));
    return spans;
  }

  private static List<SpanData> named(String name, List<SpanData> spans) {
    return spans.stream().filter(span -> span.getName().equals(name)).toList();
  }

  private static List<String> outcomes(List<SpanData> spans) {
    return spans.stream()
        .map(span -> String.valueOf(span.getAttributes().get(Attribute.OUTCOME)))
        .toList();
  }

  private static long length(SpanData span) {
    return span.getEndEpochNanos() - span.getStartEpochNanos();
  }

  private static long nanos(Instant instant) {
    return TimeUnit.SECONDS.toNanos(instant.getEpochSecond()) + instant.getNano();
  }

  /** Remembers what it would send along, and fails once if told to. */
  private static final class Published implements ResultSink {
    private Map<String, String> headers = Map.of();
    private @Nullable RuntimeException failure;

    @Override
    public CompletionStage<Void> publish(Delivery delivery, Outcome.Acked acked) {
      headers = delivery.traceHeaders();
      @Nullable RuntimeException now = failure;
      failure = null;
      return now == null
          ? CompletableFuture.completedStage(null)
          : CompletableFuture.failedStage(now);
    }
  }
}
