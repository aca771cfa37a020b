package org.osprey.coordinator.http;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.javalin.http.Context;
import io.javalin.http.Header;
import io.javalin.router.JavalinDefaultRoutingApi;
import io.prometheus.metrics.expositionformats.ExpositionFormatWriter;
import io.prometheus.metrics.expositionformats.ExpositionFormats;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.osprey.coordinator.core.Measured;
import org.osprey.coordinator.core.SupervisedLoop;

/**
 * Metrics for Prometheus, in the format that a scrape asks for. Nothing is kept between scrapes:
 * each asks every part how it stands.
 */
public final class MetricsRoutes implements HttpRoutes, AutoCloseable {
  private final List<Measured> measured = new ArrayList<>();

  /** Made by the first scrape, because a start should not wait for it. */
  @GuardedBy("this")
  private @Nullable ProcessMeters process;

  @GuardedBy("this")
  private @Nullable ExpositionFormats formats;

  /**
   * @param loops all of them
   * @param parts what else has something to tell
   */
  public MetricsRoutes(Operator operator, List<SupervisedLoop> loops, List<Measured> parts) {
    measured.add(new DispatcherMetrics(operator.dispatcher()));
    measured.add(new SourceMetrics(operator.sources()));
    measured.add(new LoopMetrics(loops, operator.checks()));
    measured.addAll(parts);
  }

  @Override
  public void addTo(JavalinDefaultRoutingApi routes) {
    routes.get("/metrics", this::answer, Need.VIEWER);
  }

  /** What a scrape would tell now. Asks every part; safe for use by many threads. */
  public MetricSnapshots scrape() {
    return registry().scrape();
  }

  /** May be repeated. */
  @Override
  public synchronized void close() {
    if (process != null) {
      process.close();
      process = null;
    }
  }

  private void answer(Context context) throws IOException {
    ExpositionFormatWriter writer = formats().findWriter(context.header(Header.ACCEPT));
    ByteArrayOutputStream body = new ByteArrayOutputStream(32 * 1024);
    writer.write(body, scrape());
    // The format says itself which characters it has, if any.
    context.res().setCharacterEncoding((String) null);
    context.contentType(writer.getContentType()).result(body.toByteArray());
  }

  private MetricSnapshots collect() {
    Families families = new Families();
    measured.forEach(families::ask);
    return families.snapshots();
  }

  private synchronized PrometheusRegistry registry() {
    if (process == null) {
      process = new ProcessMeters();
      process.registry().register(this::collect);
    }
    return process.registry();
  }

  private synchronized ExpositionFormats formats() {
    if (formats == null) {
      formats = ExpositionFormats.init();
    }
    return formats;
  }
}
