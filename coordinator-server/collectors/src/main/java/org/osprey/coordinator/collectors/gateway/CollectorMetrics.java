package org.osprey.coordinator.collectors.gateway;

import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.osprey.coordinator.collectors.flow.Channel.Loss;
import org.osprey.coordinator.collectors.flow.LaneStats;
import org.osprey.coordinator.collectors.lifecycle.CollectorOperations;
import org.osprey.coordinator.collectors.lifecycle.CollectorOperations.ReloadStats;
import org.osprey.coordinator.collectors.lifecycle.CollectorView;
import org.osprey.coordinator.collectors.lifecycle.CollectorView.Phase;
import org.osprey.coordinator.core.Figures;
import org.osprey.coordinator.core.HistogramStats;
import org.osprey.coordinator.core.Measured;

/** What collectors and their flow count, under the names that their users know. */
public final class CollectorMetrics implements Measured {
  private static final String PREFIX = "orchestrator_";
  private static final String COLLECTOR = "collector";
  private static final String RELOADS = "Reloads of the configuration, by what became of them.";

  private final CollectorOperations operations;
  private final LongSupplier publishErrors;
  private final Supplier<HistogramStats> processing;
  private final Supplier<HistogramStats> emitToPublish;

  /**
   * @param publishErrors failures to publish since the start, those included that were tried again
   * @param processing how long workers had single events in hand
   * @param emitToPublish how long it took from emit until an event was published
   */
  public CollectorMetrics(
      CollectorOperations operations,
      LongSupplier publishErrors,
      Supplier<HistogramStats> processing,
      Supplier<HistogramStats> emitToPublish) {
    this.operations = operations;
    this.publishErrors = publishErrors;
    this.processing = processing;
    this.emitToPublish = emitToPublish;
  }

  @Override
  public String prefix() {
    return PREFIX;
  }

  @Override
  public void tell(Figures figures) {
    operations.list().forEach(view -> tell(figures, view));
    figures.counter(
        "publish_errors",
        "Failures to publish, those included that were tried again.",
        publishErrors.getAsLong());
    figures.histogram(
        "worker_processing_time_ms",
        "How long workers had single events in hand, in milliseconds.",
        processing.get());
    figures.histogram(
        "emit_to_publish_ms",
        "From the emit of an event until it was published, in milliseconds.",
        emitToPublish.get());
    ReloadStats reloads = operations.reloads();
    figures.counter("reloads", RELOADS, reloads.succeeded(), "result", "success");
    figures.counter("reloads", RELOADS, reloads.failed(), "result", "failure");
    figures.gauge(
        "config_last_reload_successful",
        "0 while the newest configuration is refused and an older one runs.",
        reloads.lastFailed() ? 0 : 1);
    figures.gauge(
        "config_info", "1, for the configuration that runs.", 1, "hash", reloads.configHash());
  }

  private static void tell(Figures figures, CollectorView view) {
    String name = view.name();
    boolean wanted = view.phase() != Phase.DISABLED;
    figures.gauge(
        "collector_healthy",
        "1 while it is well, or not to run.",
        !wanted || view.healthy() ? 1 : 0,
        COLLECTOR,
        name);
    figures.counter(
        "collector_restarts",
        "Restarts of a collector after failures.",
        view.restarts(),
        COLLECTOR,
        name);
    figures.gauge(
        "collector_stray_threads",
        "Threads of instances that were closed or given up, and still run.",
        view.strayThreads(),
        COLLECTOR,
        name);
    LaneStats lane = view.lane();
    if (lane != null) {
      tellEnds(figures, lane, name);
      tellNow(figures, lane, name);
    }
  }

  private static void tellEnds(Figures figures, LaneStats lane, String name) {
    figures.counter(
        "events_received", "Events that collectors emitted.", lane.received(), COLLECTOR, name);
    figures.counter(
        "events_recovered",
        "Events that an earlier process had left on disk.",
        lane.recovered(),
        COLLECTOR,
        name);
    figures.counter(
        "events_published", "Events that were published.", lane.published(), COLLECTOR, name);
    figures.counter(
        "events_sampled_out", "Events that sampling left out.", lane.sampledOut(), COLLECTOR, name);
    for (Loss reason : Loss.values()) {
      figures.counter(
          "events_dropped",
          "Events that are gone, by why.",
          CollectorViews.dropped(lane, reason),
          COLLECTOR,
          name,
          "reason",
          CollectorViews.lower(reason));
    }
  }

  private static void tellNow(Figures figures, LaneStats lane, String name) {
    figures.gauge(
        "events_queued",
        "Events that wait in memory or are on their way.",
        lane.queued(),
        COLLECTOR,
        name);
    figures.gauge("events_spilled", "Events that wait on disk.", lane.spilled(), COLLECTOR, name);
    figures.gauge(
        "buffer_utilization",
        "How full the buffer of a collector is, from 0 to 1.",
        CollectorViews.utilization(lane),
        COLLECTOR,
        name);
  }
}
