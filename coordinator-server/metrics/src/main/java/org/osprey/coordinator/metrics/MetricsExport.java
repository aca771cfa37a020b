package org.osprey.coordinator.metrics;

import com.google.errorprone.annotations.ThreadSafe;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.osprey.coordinator.core.Check;
import org.osprey.coordinator.core.Component;
import org.osprey.coordinator.core.Outage;
import org.osprey.coordinator.core.Supervised;
import org.osprey.coordinator.core.SupervisedLoop;
import org.osprey.coordinator.core.Ticker;

/**
 * Sends what a scrape would tell, every so often and once more at the end. What a receiver does not
 * take is in the numbers of the next time.
 */
@ThreadSafe
public final class MetricsExport implements Component, Supervised {
  private static final String COMPONENT = "metrics";
  private static final Duration STUCK_AFTER = Duration.ofSeconds(60);
  private static final Duration LONGEST_REST = Duration.ofSeconds(1);
  private static final Duration ATTEMPT = Duration.ofSeconds(5);
  private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(2);

  private final MetricsSettings settings;
  private final Ticker ticker;
  private final Duration closeTimeout;

  @SuppressWarnings("ThreadSafe") // only the loop uses it, and who closes after its end
  private final MetricsSender sender;

  private final Outage outage = new Outage(COMPONENT);
  private final SupervisedLoop loop;
  private final AtomicLong sent = new AtomicLong();
  private final AtomicLong failed = new AtomicLong();

  @SuppressWarnings("ThreadSafe") // what it gives is made for who asks
  private volatile @Nullable Supplier<MetricSnapshots> scrape;

  private volatile long due;

  public MetricsExport(MetricsSettings settings, Ticker ticker, InstantSource clock) {
    this(settings, ticker, clock, CLOSE_TIMEOUT);
  }

  /**
   * @param closeTimeout for what is being sent at the end, and again for the last numbers
   */
  MetricsExport(
      MetricsSettings settings, Ticker ticker, InstantSource clock, Duration closeTimeout) {
    this.settings = settings;
    this.ticker = ticker;
    this.closeTimeout = closeTimeout;
    sender = new MetricsSender(settings, clock);
    loop = new SupervisedLoop(COMPONENT, ticker, STUCK_AFTER, this::step);
  }

  /**
   * Says what is sent; before that, nothing is.
   *
   * @param all safe for use by any thread, until this is closed
   */
  public void of(Supplier<MetricSnapshots> all) {
    scrape = all;
  }

  @Override
  public void start() {
    due = ticker.nanos() + settings.interval().toNanos();
    loop.start();
  }

  @Override
  public List<SupervisedLoop> loops() {
    return List.of(loop);
  }

  /** Always well: a coordinator whose metrics get lost does all it is there for. */
  @Override
  public Check check() {
    return Check.ok(
        COMPONENT,
        "endpoint=%s sent=%d failed=%d".formatted(settings.metricsUrl(), sent.get(), failed.get()));
  }

  /** Sends the last numbers if that goes within some seconds. May be repeated. */
  @Override
  public void close() {
    if (loop.closing()) {
      return;
    }
    if (loop.close(closeTimeout)) {
      sendLast();
    }
    sender.close();
  }

  private void step() {
    long left = due - ticker.nanos();
    if (left > 0) {
      LockSupport.parkNanos(this, Math.min(left, LONGEST_REST.toNanos()));
      return;
    }
    due = ticker.nanos() + settings.interval().toNanos();
    send(ATTEMPT);
  }

  /** Whatever goes wrong, others are closed after it. */
  private void sendLast() {
    try {
      send(closeTimeout);
    } catch (RuntimeException e) {
      failed.incrementAndGet();
      outage.report("the last metrics are not sent: cause=" + e);
    }
  }

  private void send(Duration atMost) {
    Supplier<MetricSnapshots> all = scrape;
    if (all == null) {
      return;
    }
    String trouble = sender.send(all.get(), atMost);
    (trouble == null ? sent : failed).incrementAndGet();
    outage.report(
        trouble == null
            ? null
            : "metrics are not taken: endpoint=%s cause=%s"
                .formatted(settings.metricsUrl(), trouble));
  }
}
