package org.osprey.coordinator.replica.member;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.osprey.coordinator.replica.TestDatabase;
import org.osprey.coordinator.replica.event.Slots;
import org.postgresql.ds.PGSimpleDataSource;

class ReplicaSetMemberTest {
  private static final Duration HEARTBEAT = Duration.ofMillis(300);
  private static final Duration STALE = Duration.ofSeconds(3);

  /** Where nobody dies, though this process may stand still for a moment. */
  private static final Duration PATIENT = Duration.ofSeconds(8);

  private final PGSimpleDataSource database = TestDatabase.create();
  private Duration coordination = Duration.ofSeconds(20);
  private Duration stale = STALE;
  private final List<ReplicaSetMember> members = new ArrayList<>();

  /** Nanoseconds by which the clock of all members is ahead. */
  private final AtomicLong passed = new AtomicLong();

  @AfterEach
  void close() {
    members.forEach(ReplicaSetMember::close);
  }

  /** Does nothing, and tells what it should do. */
  private static final class Idle implements Work {
    private volatile @Nullable Assignment part;

    @Override
    public void start(Assignment assignment) {
      part = assignment;
    }

    @Override
    public boolean stop() {
      part = null;
      return true;
    }

    @Override
    public long stuckNanos(long nowNanos) {
      return 0;
    }
  }

  private Idle join(String name) {
    return join(name, database, System::nanoTime);
  }

  private Idle join(String name, DataSource own, LongSupplier nanos) {
    Idle work = new Idle();
    MemberSettings settings =
        new MemberSettings("set", name, HEARTBEAT, stale, coordination, Duration.ofMinutes(5));
    ReplicaSetMember member =
        new ReplicaSetMember(own, settings, work, () -> nanos.getAsLong() + passed.get());
    members.add(member);
    member.start();
    return work;
  }

  /** Each slot has one worker, all in one generation. */
  private static boolean isDivided(Idle... workers) {
    List<Assignment> parts =
        Stream.of(workers).map(worker -> worker.part).filter(part -> part != null).toList();
    return parts.size() == workers.length
        && parts.stream().mapToLong(Assignment::generation).distinct().count() == 1
        && parts.stream().flatMapToInt(part -> part.slots().stream()).distinct().count()
            == Slots.COUNT
        && parts.stream().mapToInt(part -> part.slots().size()).sum() == Slots.COUNT;
  }

  @Test
  void theWorkIsDividedAmongThoseWhoJoin() {
    Idle a = join("a");
    await().until(() -> isDivided(a));
    Idle b = join("b");
    Idle c = join("c");
    await().until(() -> isDivided(a, b, c));
  }

  @Test
  void whoLeavesIsReplacedByTheOthers() {
    Idle a = join("a");
    Idle b = join("b");
    await().until(() -> isDivided(a, b));
    members.removeLast().close();
    await().until(() -> isDivided(a));
    assertEquals(null, b.part);
  }

  private long generation(Idle worker) {
    Assignment part = worker.part;
    return part == null ? -1 : part.generation();
  }

  /** The origin of their tickers, and the zone in which they would write a time. */
  @Test
  void clocksThatAreAnHourApartDoNotMatter() {
    PGSimpleDataSource elsewhere = new PGSimpleDataSource();
    elsewhere.setUrl(database.getUrl());
    elsewhere.setUser(database.getUser());
    elsewhere.setPassword(database.getPassword());
    elsewhere.setOptions("-c TimeZone=Asia/Tokyo");
    stale = PATIENT;
    Idle a = join("a");
    Idle b = join("b", elsewhere, () -> System.nanoTime() + Duration.ofHours(1).toNanos());
    await().until(() -> isDivided(a, b));
    long generation = generation(a);
    await()
        .during(PATIENT.plusSeconds(1))
        .until(() -> isDivided(a, b) && generation(a) == generation);
  }

  @Test
  void heartbeatsGoOnAfterSomeHaveFailed() {
    AtomicInteger failures = new AtomicInteger();
    DataSource failing =
        (DataSource)
            Proxy.newProxyInstance(
                ReplicaSetMemberTest.class.getClassLoader(),
                new Class<?>[] {DataSource.class},
                (proxy, method, values) -> {
                  if (Thread.currentThread().getName().startsWith("heartbeat")
                      && failures.getAndDecrement() > 0) {
                    throw new SQLException("as it happens");
                  }
                  return method.invoke(database, values);
                });
    stale = PATIENT;
    Idle a = join("a");
    Idle b = join("b", failing, System::nanoTime);
    await().until(() -> isDivided(a, b));
    long generation = generation(a);
    failures.set(3);
    await().until(() -> members.getLast().heartbeatFailures() == 3);
    await()
        .during(PATIENT.plusSeconds(1))
        .until(() -> isDivided(a, b) && generation(a) == generation);
  }

  /** Nobody waits for the coordination time-out. */
  @Test
  void rowsOfWorkersThatDiedHoldNobodyUp() {
    Coordination dead = new PostgresCoordination(database, "set", STALE);
    dead.join("dead");
    dead.renew();
    dead.ready("dead", 1);
    dead.join("dead before it was ready");
    dead.renew();
    Idle a = join("a");
    Idle b = join("b");
    await().atMost(coordination.minusSeconds(1)).until(() -> isDivided(a, b));
  }

  @Test
  void whoNeverBecomesReadyIsNotWaitedForLongerThanTheTimeOut() {
    coordination = Duration.ofSeconds(2);
    Coordination mute = new PostgresCoordination(database, "set", STALE);
    mute.join("mute");
    Idle a = join("a");
    await()
        .until(
            () -> {
              mute.heartbeat("mute", true);
              return isDivided(a);
            });
  }

  @Test
  void whoCannotSayThatItLivesHasNoPartThoughItsThreadsHang() throws SQLException {
    Idle a = join("a");
    ReplicaSetMember member = members.getFirst();
    await().until(() -> isDivided(a) && member.assignment() != null);
    try (Connection locking = database.getConnection();
        Statement statement = locking.createStatement()) {
      locking.setAutoCommit(false);
      statement.execute("lock table rs_sets, rs_workers in access exclusive mode");
      await().until(() -> waitingForLocks(statement) == 2);
      passed.set(STALE.toNanos());
      assertNull(member.assignment());
      assertNotNull(a.part, "its thread waits for the lock and stops nothing");
    }
    await().until(() -> isDivided(a) && member.assignment() != null);
  }

  private static int waitingForLocks(Statement statement) throws SQLException {
    try (ResultSet row =
        statement.executeQuery(
            "select count(*) from pg_locks where relation in"
                + " ('rs_sets'::regclass, 'rs_workers'::regclass) and not granted")) {
      return row.next() ? row.getInt(1) : 0;
    }
  }
}
