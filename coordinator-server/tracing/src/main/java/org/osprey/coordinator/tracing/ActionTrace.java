package org.osprey.coordinator.tracing;

import com.google.errorprone.annotations.ThreadSafe;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.api.trace.propagation.W3CTraceContextPropagator;
import io.opentelemetry.context.Context;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.osprey.coordinator.core.Ticker;
import org.osprey.coordinator.core.Trace;

/**
 * One delivery as a tree of spans: a root from its arrival to its end, and below it what took the
 * time. Where it is not sampled it only passes on the context.
 */
@ThreadSafe
final class ActionTrace implements Trace {
  private static final Set<String> FAILURES =
      Set.of("nacked", "expired", "rejected", "refused", "dead_lettered", "lost");

  private final Tracer tracer;
  private final Ticker ticker;
  private final TickerTime time;
  private final long receivedAt;
  private final Span root;

  @SuppressWarnings("ThreadSafe") // immutable, says its documentation
  private final Context context;

  /** What goes along with a result: the root, or while one is published, that. */
  @SuppressWarnings("ThreadSafe")
  private volatile Context outgoing;

  ActionTrace(Tracer tracer, Ticker ticker, TickerTime time, long receivedAt, Span root) {
    this.tracer = tracer;
    this.ticker = ticker;
    this.time = time;
    this.receivedAt = receivedAt;
    this.root = root;
    context = Context.root().with(root);
    outgoing = context;
  }

  @Override
  public void add(Step step) {
    if (!isSampled()) {
      return;
    }
    switch (step) {
      case Step.Accepted(long at) -> over("receive", receivedAt, at, Attributes.empty(), "");
      case Step.Queued(long from, long to) -> over("queue", from, to, Attributes.empty(), "");
      case Step.HandedOver handedOver -> add(handedOver);
      case Step.Ended(String outcome, int attempts, long at) -> end(outcome, attempts, at);
    }
  }

  @Override
  public Task begin(Work work) {
    if (!isSampled()) {
      return failure -> {};
    }
    Span span = begin(name(work), work == Work.PUBLISH ? SpanKind.PRODUCER : SpanKind.INTERNAL);
    if (work == Work.PUBLISH) {
      outgoing = Context.root().with(span);
    }
    return failure -> end(span, failure);
  }

  @Override
  public Map<String, String> headers() {
    Map<String, String> headers = new HashMap<>();
    W3CTraceContextPropagator.getInstance()
        .inject(outgoing, null, (unused, name, value) -> headers.put(name, value));
    return headers;
  }

  private boolean isSampled() {
    return root.getSpanContext().isSampled();
  }

  private void add(Step.HandedOver step) {
    Attributes attributes =
        Attributes.of(Attribute.WORKER, step.worker(), Attribute.ATTEMPT, (long) step.attempt());
    String outcome = step.answer().name().toLowerCase(Locale.ROOT);
    over("hand-over", step.from(), step.to(), attributes, outcome);
  }

  /**
   * @param outcome empty for none
   */
  private void over(String name, long from, long to, Attributes attributes, String outcome) {
    Span span =
        tracer
            .spanBuilder(name)
            .setParent(context)
            .setStartTimestamp(time.epochNanos(from), TimeUnit.NANOSECONDS)
            .setAllAttributes(attributes)
            .startSpan();
    end(span, outcome, to);
  }

  private void end(String outcome, int attempts, long at) {
    root.setAttribute(Attribute.ATTEMPTS, (long) attempts);
    end(root, outcome, at);
  }

  private void end(Span span, String outcome, long at) {
    if (!outcome.isEmpty()) {
      span.setAttribute(Attribute.OUTCOME, outcome);
    }
    if (FAILURES.contains(outcome)) {
      span.setStatus(StatusCode.ERROR, outcome);
    }
    span.end(time.epochNanos(at), TimeUnit.NANOSECONDS);
  }

  private Span begin(String name, SpanKind kind) {
    return tracer
        .spanBuilder(name)
        .setParent(context)
        .setSpanKind(kind)
        .setStartTimestamp(time.epochNanos(ticker.nanos()), TimeUnit.NANOSECONDS)
        .startSpan();
  }

  /** Says the kind of a failure but not its message, which may have contents in it. */
  private void end(Span span, @Nullable Throwable failure) {
    outgoing = context;
    if (failure != null) {
      span.setStatus(StatusCode.ERROR, failure.getClass().getSimpleName());
    }
    span.end(time.epochNanos(ticker.nanos()), TimeUnit.NANOSECONDS);
  }

  private static String name(Work work) {
    return switch (work) {
      case PUBLISH -> "publish";
      case DEAD_LETTER -> "dead letter";
      case ACK -> "ack";
    };
  }
}
