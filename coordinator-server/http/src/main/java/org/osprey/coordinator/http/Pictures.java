package org.osprey.coordinator.http;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.time.Instant;
import java.time.InstantSource;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.osprey.coordinator.core.Check;
import org.osprey.coordinator.core.Dispatcher;
import org.osprey.coordinator.core.DispatcherPicture;
import org.osprey.coordinator.core.HistogramStats;
import org.osprey.coordinator.core.Lane;

/** What the coordinator is at, as events of {@code /api/events}. For one thread. */
public final class Pictures implements Watchers.Painter {
  private static final int WORKERS = 50;
  private static final int RECENT = 20;
  private static final byte[] BEFORE = "event: picture\ndata: ".getBytes(UTF_8);
  private static final byte[] AFTER = "\n\n".getBytes(UTF_8);

  private final Operator operator;
  private final String version;
  private final InstantSource clock;
  private final Instant startedAt;

  /** What the picture before counted. */
  private final Map<Lane, HistogramStats> before = new EnumMap<>(Lane.class);

  /**
   * @param version of the coordinator, for people
   * @param clock tells when it started, too: this is made when the coordinator is
   */
  public Pictures(Operator operator, String version, InstantSource clock) {
    this.operator = operator;
    this.version = version;
    this.clock = clock;
    startedAt = clock.instant();
  }

  private record Picture(
      Instant time,
      String version,
      Instant startedAt,
      Operator.Phase status,
      String consumerType,
      Views.Queue queue,
      Latency latency,
      List<Views.Source> sources,
      List<Views.Worker> workers,
      List<Views.RecentAction> recent,
      List<Check> checks) {}

  private record Latency(Quantiles sync, Quantiles async) {}

  private record Quantiles(long count, @Nullable Double p50, @Nullable Double p99) {
    static Quantiles of(HistogramStats stats) {
      long count = stats.count();
      return count == 0
          ? new Quantiles(0, null, null)
          : new Quantiles(count, stats.quantileSeconds(0.5), stats.quantileSeconds(0.99));
    }
  }

  @Override
  public void begin() {
    before.clear();
  }

  @Override
  public byte[] paint() {
    byte[] data = Json.MAPPER.writeValueAsBytes(picture());
    byte[] event = new byte[BEFORE.length + data.length + AFTER.length];
    System.arraycopy(BEFORE, 0, event, 0, BEFORE.length);
    System.arraycopy(data, 0, event, BEFORE.length, data.length);
    System.arraycopy(AFTER, 0, event, BEFORE.length + data.length, AFTER.length);
    return event;
  }

  private Picture picture() {
    Dispatcher dispatcher = operator.dispatcher();
    DispatcherPicture counted = dispatcher.picture();
    Instant now = clock.instant();
    return new Picture(
        now,
        version,
        startedAt,
        operator.phase().get(),
        operator.consumerType(),
        Views.Queue.of(counted.stats()),
        new Latency(latency(counted, Lane.SYNC), latency(counted, Lane.ASYNC)),
        operator.sources().list().stream().map(Views.Source::of).toList(),
        dispatcher.streams(WORKERS).stream().map(Views.Worker::of).toList(),
        dispatcher.ended(RECENT).stream()
            .map(action -> Views.RecentAction.of(action, now))
            .toList(),
        operator.checks().get());
  }

  /** Of what ended since the picture before; nothing in the first. */
  private Quantiles latency(DispatcherPicture counted, Lane lane) {
    HistogramStats all = counted.durations(lane).outstanding();
    HistogramStats seen = before.put(lane, all);
    return Quantiles.of(all.since(seen == null ? all : seen));
  }
}
