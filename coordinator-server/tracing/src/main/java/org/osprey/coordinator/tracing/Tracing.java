package org.osprey.coordinator.tracing;

import com.google.errorprone.annotations.ThreadSafe;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.propagation.W3CTraceContextPropagator;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.propagation.TextMapGetter;
import io.opentelemetry.sdk.resources.Resource;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import io.opentelemetry.sdk.trace.samplers.Sampler;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import org.osprey.coordinator.core.Action;
import org.osprey.coordinator.core.Check;
import org.osprey.coordinator.core.Component;
import org.osprey.coordinator.core.Lane;
import org.osprey.coordinator.core.Supervised;
import org.osprey.coordinator.core.SupervisedLoop;
import org.osprey.coordinator.core.Ticker;
import org.osprey.coordinator.core.Trace;
import org.osprey.coordinator.core.Tracer;

/**
 * Traces deliveries with OpenTelemetry. A trace goes on that an action came with in the form of W3C
 * trace context; another one begins here. Spans leave in the background; what can't leave is
 * dropped and counted, and nothing waits for it.
 */
@ThreadSafe
public final class Tracing implements Tracer, Component, Supervised {
  private static final String COMPONENT = "tracing";
  private static final String SCOPE = "org.osprey.coordinator";

  private static final TextMapGetter<Headers> GETTER =
      (carrier, name) -> carrier == null ? null : carrier.get(name);

  private final Ticker ticker;

  @SuppressWarnings("ThreadSafe") // a clock is
  private final InstantSource clock;

  private final String place;
  private final SpanQueue queue;

  @SuppressWarnings("ThreadSafe") // says its documentation
  private final io.opentelemetry.api.trace.Tracer tracer;

  /**
   * @param ticker the one of the dispatcher
   */
  public Tracing(TracingSettings settings, Ticker ticker) {
    this(settings, Exporters.of(settings), ticker, InstantSource.system());
  }

  Tracing(TracingSettings settings, SpanExporter exporter, Ticker ticker, InstantSource clock) {
    this(settings, exporter, ticker, clock, SpanQueue.CLOSE_TIMEOUT);
  }

  Tracing(
      TracingSettings settings,
      SpanExporter exporter,
      Ticker ticker,
      InstantSource clock,
      Duration closeTimeout) {
    this.ticker = ticker;
    this.clock = clock;
    place = Exporters.place(settings);
    queue = new SpanQueue(exporter, place, ticker, closeTimeout);
    tracer =
        SdkTracerProvider.builder()
            .setResource(Resource.getDefault().merge(resource(settings)))
            .setSampler(Sampler.parentBased(Sampler.traceIdRatioBased(settings.sampleRatio())))
            .addSpanProcessor(queue)
            .build()
            .get(SCOPE);
  }

  @Override
  public void start() {
    queue.start();
  }

  @Override
  public Trace begin(
      Action action, Lane lane, String source, long receivedAt, Tracer.Headers headers) {
    TickerTime time = TickerTime.now(ticker, clock);
    Context parent =
        W3CTraceContextPropagator.getInstance().extract(Context.root(), headers, GETTER);
    Span root =
        tracer
            .spanBuilder("action " + action.name())
            .setParent(parent)
            .setSpanKind(lane == Lane.SYNC ? SpanKind.SERVER : SpanKind.CONSUMER)
            .setStartTimestamp(time.epochNanos(receivedAt), TimeUnit.NANOSECONDS)
            .setAttribute(Attribute.ACTION_ID, action.idText())
            .setAttribute(Attribute.ACTION_NAME, action.name())
            .setAttribute(Attribute.LANE, lane.name().toLowerCase(Locale.ROOT))
            .setAttribute(Attribute.SOURCE, source)
            .startSpan();
    return new ActionTrace(tracer, ticker, time, receivedAt, root);
  }

  public TracingStats stats() {
    return queue.stats();
  }

  /** Always well: a coordinator whose traces get lost does all it is there for. */
  @Override
  public List<SupervisedLoop> loops() {
    return queue.loops();
  }

  @Override
  public Check check() {
    TracingStats stats = stats();
    return Check.ok(
        COMPONENT,
        "%s exported=%d dropped=%d waiting=%d"
            .formatted(place, stats.exported(), stats.dropped(), stats.waiting()));
  }

  /** Sends what it can within some seconds. */
  @Override
  public void close() {
    queue.close();
  }

  private static Resource resource(TracingSettings settings) {
    return Resource.builder().put("service.name", settings.serviceName()).build();
  }
}
