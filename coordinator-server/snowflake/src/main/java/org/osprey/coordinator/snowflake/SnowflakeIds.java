package org.osprey.coordinator.snowflake;

import com.google.errorprone.annotations.ThreadSafe;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;
import java.util.function.DoubleSupplier;
import org.jspecify.annotations.Nullable;
import org.osprey.coordinator.core.Backoff;
import org.osprey.coordinator.core.Check;
import org.osprey.coordinator.core.Component;
import org.osprey.coordinator.core.Figures;
import org.osprey.coordinator.core.IdGenerator;
import org.osprey.coordinator.core.Measured;
import org.osprey.coordinator.core.Supervised;
import org.osprey.coordinator.core.SupervisedLoop;
import org.osprey.coordinator.core.Ticker;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ids of the snowflake service, fetched in batches before they run out, and local ones while there
 * are none. Asking for one never waits for the service.
 */
@ThreadSafe
public final class SnowflakeIds implements IdGenerator, Component, Supervised, Measured {
  private static final Logger log = LoggerFactory.getLogger(SnowflakeIds.class);
  private static final String NAME = "snowflake";
  private static final long LONGEST_REST = Duration.ofSeconds(1).toNanos();

  private final SnowflakeSettings settings;
  private final LocalIds localIds;
  private final Ticker ticker;
  private final IdService service;
  private final IdBatches batches;
  private final Backoff backoff;
  private final IdBuffer buffer;
  private final SupervisedLoop loop;

  private final LongAdder local = new LongAdder();
  private final AtomicLong failures = new AtomicLong();
  private volatile @Nullable String lastFailure;
  private volatile @Nullable Thread filler;

  /** When the next fetch is allowed, by the ticker. Only the loop's thread uses it. */
  private long notBefore;

  /**
   * @param localIds must have a data centre and worker that the service never uses
   * @param random in [0, 1), for the jitter of the backoff
   */
  public SnowflakeIds(
      SnowflakeSettings settings, LocalIds localIds, Ticker ticker, DoubleSupplier random) {
    this.settings = settings;
    this.localIds = localIds;
    this.ticker = ticker;
    service = new IdService(settings);
    batches = new IdBatches(localIds::owns);
    backoff = new Backoff(settings.backoff(), settings.maxBackoff(), random);
    buffer = new IdBuffer(settings.batch() + settings.lowWater());
    Duration stuckAfter = settings.timeout().plus(Duration.ofSeconds(10));
    loop = new SupervisedLoop(NAME, ticker, stuckAfter, this::step);
  }

  @Override
  public void start() {
    notBefore = ticker.nanos();
    loop.start();
  }

  @Override
  public long next() {
    long id = buffer.take();
    if (id == IdBuffer.DRY) {
      local.increment();
      return localIds.next();
    }
    if (buffer.size() < settings.lowWater()) {
      wakeFiller();
    }
    return id;
  }

  /** Fails while the service does, although ids go on to be made here. */
  @Override
  public Check check() {
    Check running = loop.check();
    if (!running.healthy()) {
      return running;
    }
    String failure = lastFailure;
    return failure == null
        ? Check.ok(NAME, "%d ids at hand".formatted(buffer.size()))
        : Check.failed(NAME, "the service fails, ids are made here when dry: " + failure);
  }

  public SnowflakeStats stats() {
    return new SnowflakeStats(buffer.taken(), local.sum(), failures.get(), buffer.size());
  }

  @Override
  public List<SupervisedLoop> loops() {
    return List.of(loop);
  }

  @Override
  public void tell(Figures figures) {
    SnowflakeStats stats = stats();
    figures.counter(
        LocalIds.GENERATED, LocalIds.GENERATED_HELP, stats.fromService(), "source", "service");
    figures.counter(LocalIds.GENERATED, LocalIds.GENERATED_HELP, stats.local(), "source", "local");
    figures.counter(
        "id_fetch_failures", "Batches of ids that could not be fetched.", failures.get());
    figures.gauge("ids_buffered", "Ids of the service at hand.", stats.buffered());
  }

  /** Ends fetching; ids can still be had. May be repeated. */
  @Override
  public void close() {
    loop.close(Duration.ZERO);
    service.close();
    loop.close();
  }

  private void step() throws InterruptedException {
    filler = Thread.currentThread();
    long wait = notBefore - ticker.nanos();
    if (wait > 0) {
      LockSupport.parkNanos(this, Math.min(wait, LONGEST_REST));
    } else if (buffer.size() >= settings.lowWater()) {
      LockSupport.parkNanos(this, LONGEST_REST);
    } else {
      fill();
    }
  }

  private void fill() throws InterruptedException {
    try {
      int count = settings.batch();
      buffer.add(batches.read(service.fetch(count), count));
      succeeded();
    } catch (IOException e) {
      failed(e);
    }
  }

  private void succeeded() {
    backoff.reset();
    if (lastFailure != null) {
      log.info("id service answers again: host={}", settings.endpoint().getHost());
      lastFailure = null;
    }
  }

  private void failed(IOException failure) {
    if (loop.closing()) {
      return;
    }
    long wait = backoff.next().toNanos();
    notBefore = ticker.nanos() + wait;
    failures.incrementAndGet();
    String reason = String.valueOf(failure.getMessage());
    if (!reason.equals(lastFailure)) {
      log.warn(
          "id service failed, will go on trying: host={} retryMillis={} reason={}",
          settings.endpoint().getHost(),
          Duration.ofNanos(wait).toMillis(),
          reason);
    }
    lastFailure = reason;
  }

  private void wakeFiller() {
    Thread thread = filler;
    if (thread != null) {
      LockSupport.unpark(thread);
    }
  }
}
