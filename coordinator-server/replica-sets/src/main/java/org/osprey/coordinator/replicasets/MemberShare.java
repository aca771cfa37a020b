package org.osprey.coordinator.replicasets;

import com.google.errorprone.annotations.ThreadSafe;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.osprey.coordinator.core.Check;
import org.osprey.coordinator.core.Component;
import org.osprey.coordinator.core.Figures;
import org.osprey.coordinator.core.Measured;
import org.osprey.coordinator.core.Outage;
import org.osprey.coordinator.core.RootMessage;
import org.osprey.coordinator.core.Share;
import org.osprey.coordinator.core.Signal;
import org.osprey.coordinator.core.Supervised;
import org.osprey.coordinator.core.SupervisedLoop;
import org.osprey.coordinator.core.Ticker;
import org.osprey.coordinator.database.Database;
import org.osprey.coordinator.database.PostgresPool;
import org.osprey.coordinator.replica.event.PostgresEventStore;
import org.osprey.coordinator.replica.event.Slots;
import org.osprey.coordinator.replica.member.Assignment;
import org.osprey.coordinator.replica.member.MemberSettings;
import org.osprey.coordinator.replica.member.ReplicaSetMember;
import org.osprey.coordinator.replica.member.Work;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The coordinators of a database are a replica set, and this one a member of it: a sweep belongs to
 * whoever has the slot of its name. One loop makes the tables, joins as soon as the database is
 * there, and watches what becomes of the part.
 */
@ThreadSafe
public final class MemberShare implements Share, Component, Supervised, Measured {
  /** Of the replica set. */
  public static final String NAME = "coordinators";

  private static final Logger log = LoggerFactory.getLogger(MemberShare.class);
  private static final Duration STUCK_AFTER = Duration.ofMinutes(3);
  private static final Duration LOOK = Duration.ofSeconds(1);

  /** What keeps it from joining does not pass by itself, and each try to make tables is logged. */
  private static final Duration REST_IN_TROUBLE = Duration.ofSeconds(10);

  /** Of each of its steps. */
  private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(2);

  /** Nothing that is done here goes on for so long. */
  private static final Duration HANDLER_TIMEOUT = Duration.ofMinutes(5);

  /** One for each thread of a member, so that its heartbeat waits for nobody. */
  private static final int CONNECTIONS = 2;

  /** Without a part for so many times as a dead member keeps one, something is wrong. */
  private static final int PATIENCE = 2;

  @SuppressWarnings("ThreadSafe") // it is
  private final Database database;

  private final MemberSettings settings;

  @SuppressWarnings("ThreadSafe") // it is
  private final Ticker ticker;

  private final SupervisedLoop loop;
  private final Outage outage = new Outage(NAME);
  private final Signal closing = new Signal();
  private final AtomicLong generations = new AtomicLong();

  /** Null before the tables are there. */
  private volatile @Nullable Joined joined;

  /** When it last had a part, or the start; ticker nanoseconds. */
  private volatile long lastPart;

  /** Belongs to the loop. */
  private long generation;

  private record Joined(PostgresPool pool, ReplicaSetMember member) {}

  /**
   * @param database one that is shared; closed by its owner, after this
   * @param instance the name of this coordinator, which no other that lives has
   * @param heartbeat how often it says that it lives
   * @param stale who has not said so for this long has no part any more; at least three heartbeats
   */
  public MemberShare(
      Database database, String instance, Duration heartbeat, Duration stale, Ticker ticker) {
    this.database = database;
    this.ticker = ticker;
    settings = new MemberSettings(NAME, instance, heartbeat, stale, stale, HANDLER_TIMEOUT);
    loop = new SupervisedLoop(NAME, ticker, STUCK_AFTER, this::step);
  }

  @Override
  public void start() {
    lastPart = ticker.nanos();
    loop.start();
  }

  @Override
  public boolean has(String sweep) {
    Assignment part = part();
    return part != null && part.slots().contains(Slots.slot(sweep));
  }

  @Override
  public Check check() {
    Check running = loop.check();
    if (!running.healthy()) {
      return Check.failed(NAME, running.detail());
    }
    Check below = database.check();
    if (!below.healthy()) {
      return Check.failed(NAME, below.detail());
    }
    String trouble = outage.trouble();
    if (trouble != null) {
      return Check.failed(NAME, trouble);
    }
    Assignment part = part();
    if (part != null) {
      return Check.ok(
          NAME,
          "slots=%d of=%d coordinators=%d generation=%d"
              .formatted(part.slots().size(), Slots.COUNT, part.partitions(), part.generation()));
    }
    Duration without = Duration.ofNanos(ticker.nanos() - lastPart);
    return without.compareTo(settings.stale().multipliedBy(PATIENCE)) < 0
        ? Check.ok(NAME, "waits for its part")
        : Check.failed(NAME, "no part for %d s".formatted(without.toSeconds()));
  }

  @Override
  public List<SupervisedLoop> loops() {
    return List.of(loop);
  }

  @Override
  public void tell(Figures figures) {
    Assignment part = part();
    Joined present = joined;
    figures.gauge(
        "coordinators",
        "Coordinators that share the sweeps of the database; 0 while this one has no part.",
        part == null ? 0 : part.partitions());
    figures.gauge(
        "coordinators_slots_held",
        "Slots that this coordinator has.",
        part == null ? 0 : part.slots().size());
    figures.counter(
        "coordinators_generations", "Generations in which it had a part.", generations.get());
    figures.counter(
        "coordinators_heartbeats_failed",
        "Heartbeats that the database did not take.",
        present == null ? 0 : present.member().heartbeatFailures());
  }

  /** Others have its part at once. */
  @Override
  public void close() {
    closing.wake();
    if (!loop.close(CLOSE_TIMEOUT)) {
      log.warn("loop did not end in time: loop={}", loop.name());
      return;
    }
    // The loop has ended, so what it owned is ours.
    Joined left = joined;
    joined = null;
    if (left != null) {
      leave(left.member());
      left.pool().close();
    }
  }

  /** On a thread of its own, which a database that hangs holds up. */
  private static void leave(ReplicaSetMember member) {
    Thread leaving = Thread.ofPlatform().daemon().name("coordinators-leave").start(member::close);
    try {
      if (!leaving.join(CLOSE_TIMEOUT)) {
        leaving.interrupt();
        log.warn("others will take this coordinator for dead only later");
      }
    } catch (InterruptedException e) {
      leaving.interrupt();
      Thread.currentThread().interrupt();
    }
  }

  private void step() throws InterruptedException {
    // As long as that is in trouble it says so itself.
    if (joined == null && database.check().healthy()) {
      join();
    }
    watch();
    closing.await(outage.trouble() == null ? LOOK : REST_IN_TROUBLE);
  }

  @SuppressWarnings("CatchingUnchecked") // whatever it was, the next try may go well
  private void join() {
    try {
      // The library's own way, and so the same for its other users in this database.
      PostgresEventStore.migrate(database.plainConnections());
      joined = member();
      outage.report(null);
    } catch (RuntimeException e) {
      outage.report("cannot join: " + RootMessage.of(e));
    }
  }

  private Joined member() {
    PostgresPool pool = database.pool(NAME, CONNECTIONS);
    try {
      ReplicaSetMember member =
          new ReplicaSetMember(pool.connections(), settings, Asked.WORK, ticker::nanos);
      member.check();
      member.start();
      return new Joined(pool, member);
    } catch (RuntimeException e) {
      pool.close();
      throw e;
    }
  }

  private void watch() {
    Assignment part = part();
    if (part == null) {
      return;
    }
    lastPart = ticker.nanos();
    if (part.generation() != generation) {
      generation = part.generation();
      generations.incrementAndGet();
      log.info(
          "sweeps are shared: slots={} coordinators={} generation={}",
          part.slots().size(),
          part.partitions(),
          generation);
    }
  }

  private @Nullable Assignment part() {
    Joined present = joined;
    return present == null ? null : present.member().assignment();
  }

  /** Who sweeps asks before each piece, so there is nothing to begin and nothing to wait for. */
  private enum Asked implements Work {
    WORK;

    @Override
    public void start(Assignment assignment) {}

    @Override
    public boolean stop() {
      return true;
    }

    @Override
    public long stuckNanos(long nowNanos) {
      return 0;
    }
  }
}
