package org.osprey.coordinator.replica.projection;

import io.micrometer.core.instrument.MeterRegistry;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.osprey.coordinator.replica.event.AppendListener;
import org.osprey.coordinator.replica.event.EventStore;
import org.osprey.coordinator.replica.event.PostgresEventStore;
import org.osprey.coordinator.replica.event.StoreException;
import org.osprey.coordinator.replica.member.MemberSettings;
import org.osprey.coordinator.replica.member.ReplicaSetMember;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs projections, and shares them with every other worker of the same replica set. Several may
 * run in one process.
 */
public final class ReplicaSetRunner implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(ReplicaSetRunner.class);
  private static final int MAX_BATCH = 100_000;

  /** While the database cannot be reached. */
  private static final Duration RETRY = Duration.ofSeconds(1);

  /** Events of a projection that may be put aside. */
  private static final long MAX_PARKED = 10_000;

  private final Builder settings;
  private final CountDownLatch closing = new CountDownLatch(1);
  private final CountDownLatch closed = new CountDownLatch(1);
  private final AtomicBoolean begun = new AtomicBoolean();

  private ReplicaSetRunner(Builder settings) {
    this.settings = settings;
  }

  public static Builder builder() {
    return new Builder();
  }

  /** Makes the tables, or brings them up to date; may be repeated, also by several at once. */
  public static void migrate(DataSource database) {
    PostgresEventStore.migrate(database);
  }

  /**
   * Returns after {@link #close}, or when the thread is interrupted. Called once. Waits for a
   * database that cannot be reached, and outlives all that happens later.
   *
   * @throws IllegalArgumentException when two have the same name
   * @throws IllegalStateException at the beginning, when it cannot work however often it is tried:
   *     without its tables, without the rights it needs, with another number of slots. Says which
   */
  public void run(List<? extends Projection> projections) {
    checkNames(projections);
    if (!begun.compareAndSet(false, true)) {
      throw new IllegalStateException("run was called before, want a runner for each run");
    }
    ProjectionWork work = new ProjectionWork(List.copyOf(projections), settings.run());
    try (ReplicaSetMember member =
            new ReplicaSetMember(settings.dataSource(), settings.member(), work, System::nanoTime);
        AppendListener listener = settings.listener(work);
        ReplicaSetMeters meters = settings.meters()) {
      work.onRefused(member::wake);
      if (isUsable(member)) {
        if (meters != null) {
          show(meters, member, work, listener);
        }
        if (listener != null) {
          listener.start();
        }
        member.start();
        closing.await();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      closed.countDown();
    }
  }

  private static void checkNames(List<? extends Projection> projections) {
    Set<String> names = new HashSet<>();
    for (Projection projection : projections) {
      if (projection.name().isBlank() || !names.add(projection.name())) {
        throw new IllegalArgumentException(
            "projections need a name each, got \"%s\" twice or empty".formatted(projection.name()));
      }
    }
  }

  /**
   * @return false when it is closed before the database can be reached
   */
  private boolean isUsable(ReplicaSetMember member) throws InterruptedException {
    boolean told = false;
    do {
      try {
        member.check();
        settings.eventStore().check();
        return true;
      } catch (StoreException e) {
        if (!told) {
          told = true;
          log.warn("waits for its database: replicaSet={}", settings.replicaSet, e);
        }
      }
    } while (!closing.await(RETRY.toNanos(), TimeUnit.NANOSECONDS));
    return false;
  }

  private static void show(
      ReplicaSetMeters meters,
      ReplicaSetMember member,
      ProjectionWork work,
      @Nullable AppendListener listener) {
    meters.add(member, work);
    meters.addListening(() -> listener != null && listener.isListening() ? 1 : 0);
    work.stats().forEach((projection, stats) -> meters.add(projection, stats, System::nanoTime));
  }

  /** Has {@link #run} end after the batches that are running, and returns when it has. */
  @Override
  public void close() {
    closing.countDown();
    if (!begun.get()) {
      return;
    }
    try {
      closed.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Collects settings; {@link #build} checks them. */
  public static final class Builder {
    private @Nullable DataSource dataSource;
    private @Nullable EventStore eventStore;
    private String replicaSet = "";
    private String worker =
        ManagementFactory.getRuntimeMXBean().getName() + "-" + UUID.randomUUID();
    private Duration heartbeatInterval = Duration.ofSeconds(5);
    private Duration staleWorkerTimeout = Duration.ofSeconds(30);
    private Duration coordinationTimeout = Duration.ofSeconds(60);
    private Duration handlerTimeout = Duration.ofMinutes(5);
    private int batchSize = 100;
    private Start start = new Start.Behind(0);
    private @Nullable DataSource listenOn;
    private @Nullable MeterRegistry meterRegistry;

    private Builder() {}

    /** Autocommit connections: two for the worker, and two for each projection. */
    public Builder dataSource(DataSource value) {
      dataSource = value;
      return this;
    }

    public Builder eventStore(EventStore value) {
      eventStore = value;
      return this;
    }

    /** Those who give the same name share the work. */
    public Builder replicaSet(String value) {
      replicaSet = value;
      return this;
    }

    /** Names this worker among the others; by default the process, its host, and a random part. */
    public Builder worker(String value) {
      worker = value;
      return this;
    }

    public Builder heartbeatInterval(Duration value) {
      heartbeatInterval = value;
      return this;
    }

    /** Who has not been heard of for so long is dead to the others. */
    public Builder staleWorkerTimeout(Duration value) {
      staleWorkerTimeout = value;
      return this;
    }

    /** How long the others wait for one who does not stop. */
    public Builder coordinationTimeout(Duration value) {
      coordinationTimeout = value;
      return this;
    }

    /** A worker whose batch takes longer counts as dead. */
    public Builder handlerTimeout(Duration value) {
      handlerTimeout = value;
      return this;
    }

    /** Events in one transaction, at most. */
    public Builder batchSize(int value) {
      batchSize = value;
      return this;
    }

    /** The position behind which a projection begins that nobody has ever run. */
    public Builder startFrom(long position) {
      start = new Start.Behind(position);
      return this;
    }

    /**
     * A projection that nobody has ever run begins behind the last event there is by then. Whether
     * it sees those that are being appended meanwhile is open.
     */
    public Builder startAtTail() {
      start = new Start.Tail();
      return this;
    }

    /**
     * Where to hear of new events, so that they are handled within milliseconds; otherwise they are
     * found by polling. One connection of it is kept. It leads to the server itself: behind
     * PgBouncer's transaction pooling, notifications are lost.
     */
    public Builder listenOn(DataSource value) {
      listenOn = value;
      return this;
    }

    /** Shows what this worker does; needs {@code io.micrometer:micrometer-core}. */
    public Builder meterRegistry(MeterRegistry value) {
      meterRegistry = value;
      return this;
    }

    /**
     * @throws IllegalArgumentException naming the first setting that is wrong
     */
    public ReplicaSetRunner build() {
      if (dataSource == null || eventStore == null) {
        throw new IllegalArgumentException("dataSource and eventStore must be given");
      }
      if (batchSize < 1 || batchSize > MAX_BATCH) {
        throw new IllegalArgumentException(
            "batchSize must be from 1 to %d, got %d".formatted(MAX_BATCH, batchSize));
      }
      MemberSettings unused = member();
      return new ReplicaSetRunner(this);
    }

    private EventStore eventStore() {
      return Objects.requireNonNull(eventStore);
    }

    private DataSource dataSource() {
      return Objects.requireNonNull(dataSource);
    }

    private MemberSettings member() {
      return new MemberSettings(
          replicaSet,
          worker,
          heartbeatInterval,
          staleWorkerTimeout,
          coordinationTimeout,
          handlerTimeout);
    }

    private @Nullable AppendListener listener(ProjectionWork work) {
      return listenOn == null ? null : new AppendListener(listenOn, work::wake);
    }

    private @Nullable ReplicaSetMeters meters() {
      return meterRegistry == null ? null : new ReplicaSetMeters(meterRegistry, replicaSet);
    }

    private ProjectionRun.Settings run() {
      return new ProjectionRun.Settings(
          dataSource(),
          eventStore(),
          replicaSet,
          batchSize,
          start,
          staleWorkerTimeout,
          MAX_PARKED,
          System::nanoTime);
    }
  }
}
