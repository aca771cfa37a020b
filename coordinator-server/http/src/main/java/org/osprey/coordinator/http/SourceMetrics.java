package org.osprey.coordinator.http;

import org.osprey.coordinator.core.Figures;
import org.osprey.coordinator.core.Measured;
import org.osprey.coordinator.core.SourceProgress;
import org.osprey.coordinator.core.Sources;

/** How far the sources are. */
final class SourceMetrics implements Measured {
  private static final String SOURCE = "source";

  private final Sources sources;

  SourceMetrics(Sources sources) {
    this.sources = sources;
  }

  @Override
  public void tell(Figures figures) {
    sources.progress().forEach((name, progress) -> tell(figures, name, progress));
    for (Sources.Status status : sources.list()) {
      String name = status.name();
      figures.gauge(
          "source_paused", "1 while an operator pauses it.", status.paused() ? 1 : 0, SOURCE, name);
      figures.gauge(
          "source_healthy", "1 while it is well.", status.check().healthy() ? 1 : 0, SOURCE, name);
    }
  }

  private static void tell(Figures figures, String name, SourceProgress progress) {
    figures.counter(
        "source_messages", "Messages that came, each once.", progress.taken(), SOURCE, name);
    figures.counter(
        "source_undecodable",
        "Messages that are no actions.",
        progress.undecodable(),
        SOURCE,
        name);
    figures.counter(
        "source_repeated",
        "Deliveries of messages that had come before.",
        progress.repeated(),
        SOURCE,
        name);
    figures.counter(
        "source_failed_acks",
        "Commits or acks that the origin did not take.",
        progress.failedAcks(),
        SOURCE,
        name);
    tellNow(figures, name, progress);
    figures.counter(
        "dead_letters",
        DispatcherMetrics.DEAD_LETTERS,
        progress.undecodable(),
        "reason",
        "undecodable");
  }

  private static void tellNow(Figures figures, String name, SourceProgress progress) {
    figures.gauge(
        "source_in_flight",
        "Messages that are unfinished here.",
        progress.inFlight(),
        SOURCE,
        name);
    figures.gauge(
        "source_oldest_unfinished_seconds",
        "Since when the oldest unfinished message holds up the commits.",
        Views.seconds(progress.oldestUnfinished()),
        SOURCE,
        name);
    Long lag = progress.lag();
    if (lag != null) {
      figures.gauge(
          "source_lag", "Messages that wait at the origin or are unfinished.", lag, SOURCE, name);
    }
  }
}
