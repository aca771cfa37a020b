package org.osprey.coordinator.tracing;

import com.google.errorprone.annotations.ThreadSafe;
import io.opentelemetry.context.Context;
import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.trace.ReadWriteSpan;
import io.opentelemetry.sdk.trace.ReadableSpan;
import io.opentelemetry.sdk.trace.SpanProcessor;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;
import org.osprey.coordinator.core.Outage;
import org.osprey.coordinator.core.Supervised;
import org.osprey.coordinator.core.SupervisedLoop;
import org.osprey.coordinator.core.Ticker;

/**
 * Spans on their way out. Whoever ends a span puts it here and goes on; one loop sends them in
 * batches. What finds no place, or is not taken at the first try, is dropped and counted.
 */
@ThreadSafe
final class SpanQueue implements SpanProcessor, Supervised {
  static final int PLACES = 8192;
  private static final int BATCH = 512;

  /** How long a batch is filled. */
  private static final Duration GATHER = Duration.ofSeconds(1);

  private static final Duration LOOK = Duration.ofMillis(100);
  private static final Duration STUCK_AFTER = Duration.ofSeconds(60);
  static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(2);

  private final SpanExporter exporter;
  private final String place;
  private final Duration closeTimeout;
  private final BlockingQueue<SpanData> waiting = new ArrayBlockingQueue<>(PLACES);
  private final LongAdder exported = new LongAdder();
  private final LongAdder dropped = new LongAdder();
  private final Outage outage = new Outage("tracing");
  private final SupervisedLoop loop;

  /**
   * @param place for people
   * @param closeTimeout for what is being sent at the end, and again for what waits
   */
  SpanQueue(SpanExporter exporter, String place, Ticker ticker, Duration closeTimeout) {
    this.exporter = exporter;
    this.place = place;
    this.closeTimeout = closeTimeout;
    loop = new SupervisedLoop("tracing", ticker, STUCK_AFTER, this::step);
  }

  @Override
  public List<SupervisedLoop> loops() {
    return List.of(loop);
  }

  void start() {
    loop.start();
  }

  @Override
  public void onStart(Context parent, ReadWriteSpan span) {}

  @Override
  public boolean isStartRequired() {
    return false;
  }

  @Override
  public boolean isEndRequired() {
    return true;
  }

  @Override
  public void onEnd(ReadableSpan span) {
    if (span.getSpanContext().isSampled() && !waiting.offer(span.toSpanData())) {
      dropped.increment();
    }
  }

  TracingStats stats() {
    return new TracingStats(exported.sum(), dropped.sum(), waiting.size());
  }

  /** Sends what waits as far as that goes at once. */
  @Override
  public void close() {
    if (loop.close(closeTimeout)) {
      List<SpanData> rest = new ArrayList<>();
      waiting.drainTo(rest);
      send(rest, closeTimeout);
    }
    CompletableResultCode unused = exporter.shutdown();
  }

  private void step() throws InterruptedException {
    SpanData first = waiting.poll(LOOK.toMillis(), TimeUnit.MILLISECONDS);
    if (first != null) {
      send(gather(first), Exporters.TIMEOUT);
    }
  }

  private List<SpanData> gather(SpanData first) throws InterruptedException {
    List<SpanData> batch = new ArrayList<>();
    batch.add(first);
    long end = System.nanoTime() + GATHER.toNanos();
    while (batch.size() < BATCH && !loop.closing() && System.nanoTime() - end < 0) {
      if (waiting.drainTo(batch, BATCH - batch.size()) == 0) {
        SpanData next = waiting.poll(LOOK.toMillis(), TimeUnit.MILLISECONDS);
        if (next != null) {
          batch.add(next);
        }
      }
    }
    return batch;
  }

  private void send(List<SpanData> batch, Duration atMost) {
    if (batch.isEmpty()) {
      return;
    }
    CompletableResultCode result =
        exporter.export(batch).join(atMost.toMillis(), TimeUnit.MILLISECONDS);
    if (result.isSuccess()) {
      exported.add(batch.size());
      outage.report(null);
    } else {
      dropped.add(batch.size());
      outage.report(trouble(result.getFailureThrowable()));
    }
  }

  private String trouble(@Nullable Throwable failure) {
    Throwable cause = failure == null ? null : failure.getCause();
    return "spans are lost: %s cause=%s"
        .formatted(place, cause == null ? "refused, or no answer in time" : cause);
  }
}
