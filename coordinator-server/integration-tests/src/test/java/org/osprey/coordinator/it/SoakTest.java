package org.osprey.coordinator.it;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.netty.NettyChannelBuilder;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.awaitility.core.ConditionTimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;
import org.osprey.coordinator.etcd.EtcdServer;
import org.osprey.coordinator.kafka.KafkaBroker;
import org.osprey.coordinator.worker.StreamWorker;

/**
 * Row R38 of the fault table, for {@code scripts/soak.sh}: two coordinators under a steady load of
 * records and calls, and a fault each minute. One of them is killed again and again; of the other,
 * which is only frozen and cut off, memory and latency are looked at.
 */
@EnabledIfSystemProperty(named = "soak.seconds", matches = "[0-9]+")
class SoakTest {
  private static final Duration LENGTH = Duration.ofSeconds(Integer.getInteger("soak.seconds", 0));
  private static final Duration ROUND = Duration.ofSeconds(Integer.getInteger("soak.round", 60));
  private static final int RECORDS = Integer.getInteger("soak.records", 200);
  private static final int CALLS = Integer.getInteger("soak.calls", 50);
  private static final long SEED = Long.getLong("soak.seed", 1);

  /** What counts more than the flags of the tests, which spare the machine and not the memory. */
  private static final List<String> FLAGS =
      Stream.concat(
              Stream.of("-XX:TieredStopAtLevel=4"),
              Stream.of(System.getProperty("soak.flags", "").split(" ")))
          .filter(flag -> !flag.isEmpty())
          .toList();

  private static final Duration OUTAGE = Duration.ofSeconds(5);

  /** Before that, memory and latency are still those of a start. */
  private static final double WARM_UP = 0.2;

  /** Shorter runs say nothing of slopes. */
  private static final Duration LONG_ENOUGH = Duration.ofMinutes(20);

  private static final double MOST_GROWTH = 1;
  private static final double MOST_SLOWDOWN = 1.2;

  private static final int PARTITIONS = 4;
  private static final String TOPIC = "actions";
  private static final String GROUP = "coordinators";
  private static final String CONFIG = "kafka: {maxInFlight: 500, commitBatch: 500}\n";

  @TempDir private Path folder;

  private final RecordLedger ledger = new RecordLedger();
  private final List<Minute> minutes = new ArrayList<>();
  private final Random random = new Random(SEED);
  private KafkaBroker broker;
  private KafkaTopics topics;
  private EtcdServer etcd;
  private CoordinatorProcess steady;
  private CoordinatorProcess victim;
  private TcpProxy toSteady;
  private TcpProxy toVictim;

  /** What one minute showed of the coordinator that lives. */
  private record Minute(String fault, long rssKib, double p99, long calls, long failed) {}

  private record Fault(String name, Runnable strike) {}

  @BeforeEach
  void start() {
    broker = KafkaBroker.start();
    topics = new KafkaTopics(broker);
    topics.create(TOPIC, PARTITIONS);
    etcd = EtcdServer.startWithV2();
    steady = coordinator();
    victim = coordinator();
    toSteady = TcpProxy.to(steady.workerPort());
    toVictim = TcpProxy.to(victim.workerPort());
  }

  @AfterEach
  void stop() {
    toSteady.close();
    toVictim.close();
    steady.close();
    victim.close();
    etcd.close();
    topics.close();
    broker.close();
  }

  @Test
  void r38AFaultEachMinute() {
    ManagedChannel channel =
        NettyChannelBuilder.forAddress("127.0.0.1", steady.syncPort()).usePlaintext().build();
    try (StreamWorker worker =
            RecordWorkers.start(
                ledger, 32, Duration.ofMillis(2), toSteady.target(), toVictim.target());
        RecordLoad load = new RecordLoad(topics, TOPIC, PARTITIONS, ledger).start(RECORDS)) {
      long end = System.nanoTime() + LENGTH.toNanos();
      List<Fault> plan = new ArrayList<>();
      while (System.nanoTime() < end) {
        if (plan.isEmpty()) {
          plan.addAll(faults());
          Collections.shuffle(plan, random);
        }
        minutes.add(minute(plan.removeLast(), new Caller(channel)));
        print(minutes.getLast());
      }
      load.stop();
      untilAllIsCommitted();
      assertEquals(0, worker.stats().nacked());
    } finally {
      channel.shutdownNow();
    }
    judge();
  }

  private List<Fault> faults() {
    return List.of(
        new Fault("coordinator killed", this::killTheVictim),
        new Fault("broker killed", () -> during(broker::kill, broker::restart)),
        new Fault("worker connections cut", () -> during(toSteady::cut, toVictim::cut)),
        new Fault("coordinator frozen", () -> during(steady::freeze, steady::thaw)),
        new Fault("network silent", () -> during(toSteady::fallSilent, toSteady::speakAgain)),
        new Fault("etcd killed", () -> during(etcd::kill, etcd::restart)));
  }

  /** The fault comes at once, and calls go on until the minute is over. */
  private Minute minute(Fault fault, Caller caller) {
    long end = System.nanoTime() + ROUND.toNanos();
    SyncLoad calls = new SyncLoad(caller, RecordWorkers.FIRST_CALL);
    Thread calling =
        Thread.ofVirtual().start(() -> calls.call(CALLS, () -> System.nanoTime() >= end));
    fault.strike().run();
    try {
      calling.join();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
    long good = calls.count(Status.Code.OK);
    long all = calls.counts().values().stream().mapToLong(Long::longValue).sum();
    assertEquals(0, calls.count(Status.Code.DATA_LOSS), "an answer that is another call's");
    return new Minute(
        fault.name(),
        steady.rssKib(),
        calls.latency(Status.Code.OK, 0.99).toNanos() / 1e6,
        good,
        all - good);
  }

  private void killTheVictim() {
    victim.kill();
    victim.close();
    victim = coordinator();
    toVictim.redirect(victim.workerPort());
  }

  private void untilAllIsCommitted() {
    try {
      until(() -> ledger.unfinished().isEmpty() && ledger.allCommitted(topics.committed(GROUP)));
    } catch (ConditionTimeoutException e) {
      Map<Integer, Long> committed = topics.committed(GROUP);
      throw new AssertionError(
          "unfinished=%s uncommitted=%s committed=%s shares=%s%n%s%n%s"
              .formatted(
                  ledger.unfinished(),
                  ledger.uncommitted(committed),
                  committed,
                  topics.shares(GROUP),
                  steady.log(),
                  victim.log()),
          e);
    }
  }

  private static void during(Runnable fault, Runnable heal) {
    fault.run();
    long healed = System.nanoTime() + OUTAGE.toNanos();
    until(() -> System.nanoTime() >= healed);
    heal.run();
  }

  private CoordinatorProcess coordinator() {
    return new CoordinatorProcess.Setup(folder, broker, TOPIC, GROUP, CONFIG)
        .environment("ETCD_PEERS", etcd.url().toString())
        .flags(FLAGS)
        .start();
  }

  private void print(Minute minute) {
    System.out.printf(
        Locale.ROOT,
        "soak minute=%d fault=\"%s\" rss_mib=%d p99_ms=%.1f calls=%d failed_calls=%d records=%d%n",
        minutes.size(),
        minute.fault(),
        minute.rssKib() / 1024,
        minute.p99(),
        minute.calls(),
        minute.failed(),
        ledger.completed());
  }

  private void judge() {
    List<Minute> warm = minutes.subList((int) (minutes.size() * WARM_UP), minutes.size());
    int few = Math.min(faults().size(), Math.max(1, warm.size() / 2));
    double first = medianP99(warm.subList(0, few));
    double last = medianP99(warm.subList(warm.size() - few, warm.size()));
    double growth = growthPerHour(warm);
    ledger.report(
        String.format(
            Locale.ROOT,
            "R38 seed=%d minutes=%d calls=%d rss_growth_percent_per_hour=%.2f p99_first_ms=%.1f"
                + " p99_last_ms=%.1f",
            SEED,
            minutes.size(),
            minutes.stream().mapToLong(Minute::calls).sum(),
            growth,
            first,
            last),
        topics.committed(GROUP));
    ledger.check(topics.committed(GROUP));
    assertEquals(List.of(), ledger.unfinished());
    if (LENGTH.compareTo(LONG_ENOUGH) >= 0) {
      assertTrue(growth <= MOST_GROWTH, "memory grows by %.2f %%/h".formatted(growth));
      assertTrue(last <= MOST_SLOWDOWN * first, "p99 %.1f ms, was %.1f".formatted(last, first));
    }
  }

  private static double medianP99(List<Minute> some) {
    return some.stream()
        .mapToDouble(Minute::p99)
        .sorted()
        .skip(some.size() / 2)
        .findFirst()
        .orElse(0);
  }

  /** By the least squares, in percent of the mean. */
  private static double growthPerHour(List<Minute> some) {
    double meanRss = some.stream().mapToLong(Minute::rssKib).average().orElse(0);
    double meanTime = (some.size() - 1) / 2.0;
    double covariance = 0;
    double variance = 0;
    for (int i = 0; i < some.size(); i++) {
      covariance += (i - meanTime) * (some.get(i).rssKib() - meanRss);
      variance += (i - meanTime) * (i - meanTime);
    }
    double roundsPerHour = Duration.ofHours(1).toMillis() / (double) ROUND.toMillis();
    return variance == 0 ? 0 : 100 * covariance / variance * roundsPerHour / meanRss;
  }

  private static void until(Callable<Boolean> fact) {
    await().atMost(Duration.ofMinutes(2)).pollInterval(Duration.ofMillis(50)).until(fact);
  }
}
