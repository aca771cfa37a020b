package org.osprey.coordinator.collectors.lifecycle;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.osprey.coordinator.collectors.config.CollectorsConfig;
import org.osprey.coordinator.collectors.config.Configs;
import org.osprey.coordinator.collectors.config.Kinds;
import org.osprey.coordinator.collectors.flow.LaneStats;
import org.osprey.coordinator.collectors.flow.Positions;
import org.osprey.coordinator.collectors.lifecycle.CollectorOperations.RefusedException;
import org.osprey.coordinator.collectors.lifecycle.CollectorOperations.Reload;
import org.osprey.coordinator.collectors.lifecycle.CollectorOperations.ReloadRunningException;
import org.osprey.coordinator.collectors.lifecycle.CollectorOperations.ReloadStats;
import org.osprey.coordinator.collectors.lifecycle.CollectorOperations.UnknownCollectorException;
import org.osprey.coordinator.collectors.lifecycle.CollectorView.Phase;
import org.osprey.coordinator.core.Check;
import org.osprey.coordinator.core.Ticker;
import org.osprey.coordinator.settings.ConfigException;

@Timeout(120)
class CollectorsTest {
  private static final LifecycleLimits QUICK =
      new LifecycleLimits(
          Duration.ofMillis(50),
          Duration.ofMillis(300),
          Duration.ofMillis(50),
          Duration.ofMillis(300),
          Duration.ofMillis(20),
          Duration.ofMillis(100),
          Duration.ofMillis(10),
          Duration.ofMillis(50),
          Duration.ofMinutes(1),
          Duration.ofMillis(10));

  /** The neighbour of the one that misbehaves. */
  private static final String GOOD = "good: {enabled: true, kind: none}";

  private final Behaviour behaviour = new Behaviour();
  private final Kinds kinds = behaviour.kinds();
  private final FakeFlows flows = new FakeFlows();
  private final AtomicReference<String> file = new AtomicReference<>("");
  private @Nullable Collectors running;

  @AfterEach
  void close() {
    behaviour.release();
    if (running != null) {
      running.close();
      await().until(() -> view("good").isEmpty() || threadsOf("collector-") == 0);
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "throws-in-start | no such device",
        "linkage-error-in-start | lib/Missing",
        "throws-in-task | bad answer",
        "overflows-in-task | StackOverflowError",
        "thread-dies | thread is dead",
        "says-failed | gave up",
      })
  void oneThatFailsIsClosedAndStartedAgainUntilItWorks(String kind, String why) {
    start("bad: {enabled: true, kind: %s}".formatted(kind));
    await().until(() -> bad().restarts() >= 2);
    await().until(() -> !bad().healthy() && bad().detail().contains(why));
    // Between two failures it looks well.
    await().until(() -> !collectors().check().healthy());
    await().until(() -> view("good").orElseThrow().healthy());
    behaviour.mend();
    await().until(() -> bad().phase() == Phase.RUNNING && bad().healthy());
    // One that failed before it was mended may look well for a moment.
    await().until(() -> behaviour.starts.get() - 1 == behaviour.closes.get());
    assertGoodIsUntouched();
  }

  @Test
  void oneThatHangsInItsStartIsGivenUpAndHasNoSecondInstanceWhileItLives() {
    start("bad: {enabled: true, kind: hangs-in-start}");
    await().until(() -> !bad().healthy());
    await().until(() -> bad().phase() == Phase.STUCK);
    assertEquals(1, bad().strayThreads());
    assertTrue(bad().detail().contains("start did not return within 300 ms"), bad()::detail);
    collectors().restart("bad");
    collectors().reload();
    long before = flows.received("good");
    await().until(() -> flows.received("good") > before + 20);
    assertEquals(1, flows.opened("bad"));
    assertEquals(1, behaviour.starts.get());
    assertEquals(1, behaviour.closes.get());
    behaviour.release();
    await().until(() -> bad().phase() == Phase.RUNNING);
    assertEquals(0, bad().strayThreads());
    assertGoodIsUntouched();
  }

  @Test
  void threadsThatDoNotEndAreCountedAndKeepTheNextInstanceAway() {
    start("bad: {enabled: true, kind: leaks-thread}");
    await().until(() -> bad().phase() == Phase.RUNNING);
    collectors().disable("bad");
    await().until(() -> bad().strayThreads() == 1);
    assertEquals(Phase.DISABLED, bad().phase());
    assertFalse(bad().healthy());
    collectors().enable("bad");
    await().until(() -> bad().phase() == Phase.STUCK);
    assertEquals(1, behaviour.starts.get());
    behaviour.release();
    await().until(() -> bad().phase() == Phase.RUNNING);
    assertEquals(2, behaviour.starts.get());
    assertGoodIsUntouched();
  }

  @Test
  void oneWhoseEventsCannotBeKeptIsUnhealthyUntilTheyCan() {
    start("bad: {enabled: true, kind: none}");
    await().until(() -> bad().healthy());
    flows.troubles.put("bad", "orchestrator.database: the disk is full");
    assertFalse(bad().healthy());
    assertTrue(collectors().check().detail().contains("the disk is full"));
    assertGoodIsUntouched();
    flows.troubles.clear();
    await().until(() -> bad().healthy());
  }

  @ParameterizedTest
  @CsvSource({"health-hangs, has not answered", "health-throws, no pulse"})
  void healthThatDoesNotComeIsBadHealth(String kind, String why) {
    start("bad: {enabled: true, kind: %s}".formatted(kind));
    await().until(() -> !bad().healthy() && bad().detail().contains(why));
    assertEquals(Phase.RUNNING, bad().phase());
    Check check =
        collectors().checks().stream()
            .filter(one -> one.component().equals("collector bad"))
            .findFirst()
            .orElseThrow();
    assertFalse(check.healthy());
    behaviour.release();
    await().until(() -> bad().healthy());
    assertGoodIsUntouched();
  }

  @Test
  void oneThatHangsInItsCloseIsGivenUp() {
    start("bad: {enabled: true, kind: close-hangs}");
    await().until(() -> bad().phase() == Phase.RUNNING);
    collectors().restart("bad");
    await().until(() -> bad().phase() == Phase.STUCK);
    assertEquals(1, bad().strayThreads());
    behaviour.release();
    await().until(() -> bad().phase() == Phase.RUNNING);
    assertGoodIsUntouched();
  }

  @Test
  void oneThatThrowsInItsCloseIsClosed() {
    start("bad: {enabled: true, kind: close-throws}");
    await().until(() -> bad().phase() == Phase.RUNNING);
    collectors().restart("bad");
    await().until(() -> behaviour.starts.get() == 2 && bad().phase() == Phase.RUNNING);
    assertGoodIsUntouched();
  }

  @Test
  void oneThatFloodsIsStoppedByItsClosedEmitter() {
    start("bad: {enabled: true, kind: floods}");
    await().until(() -> flows.received("bad") > 10_000);
    collectors().disable("bad");
    await().until(() -> bad().phase() == Phase.DISABLED && bad().strayThreads() == 0);
    assertEquals(flows.received("bad"), lane("bad").published());
    assertGoodIsUntouched();
  }

  @Test
  void onStartErrorIgnoreLeavesItAtThat() {
    start("bad: {enabled: true, kind: throws-in-start, on_start_error: ignore}");
    await().until(() -> bad().phase() == Phase.FAILED);
    assertFalse(bad().healthy());
    long before = flows.received("good");
    await().until(() -> flows.received("good") > before + 20);
    assertEquals(1, behaviour.starts.get());
    behaviour.mend();
    collectors().enable("bad");
    await().until(() -> bad().phase() == Phase.RUNNING);
  }

  @ParameterizedTest
  @CsvSource({"throws-in-start, no such device", "hangs-in-start, did not return within 300 ms"})
  void onStartErrorFailKeepsTheCoordinatorFromStarting(String kind, String why) {
    CollectorStartException e =
        assertThrows(
            CollectorStartException.class,
            () -> start("bad: {enabled: true, kind: %s, on_start_error: fail}".formatted(kind)));
    assertTrue(
        String.valueOf(e.getMessage()).contains("collector bad did not start: "), e::getMessage);
    assertTrue(String.valueOf(e.getMessage()).contains(why), e::getMessage);
    assertEquals(Phase.DISABLED, view("good").orElseThrow().phase());
  }

  @Test
  void operatorsDisableEnableAndRestart() {
    start("bad: {enabled: false, kind: none}, other: {enabled: false, kind: nome}");
    assertEquals(Phase.DISABLED, bad().phase());
    assertTrue(collectors().enable("bad").enabled());
    await().until(() -> bad().phase() == Phase.RUNNING);
    collectors().restart("bad");
    await().until(() -> flows.opened("bad") == 2 && bad().phase() == Phase.RUNNING);
    assertEquals(0, bad().restarts());
    assertFalse(collectors().disable("bad").enabled());
    await().until(() -> bad().phase() == Phase.DISABLED);
    assertThrows(RefusedException.class, () -> collectors().restart("bad"));
    assertThrows(RefusedException.class, () -> collectors().enable("other"));
    UnknownCollectorException e =
        assertThrows(UnknownCollectorException.class, () -> collectors().enable("gode"));
    assertEquals(
        "there is no collector \"gode\" in the configuration; did you mean good?", e.getMessage());
    assertEquals(List.of("bad", "good", "other"), names());
  }

  @Test
  void aReloadTouchesOnlyWhatDiffers() {
    start(
        """
        a: {enabled: true, kind: none},
        b: {enabled: true, kind: none},
        c: {enabled: true, kind: none},
        d: {enabled: false, kind: none}\
        """);
    await().until(() -> collectors().check().detail().equals("4 of 5 running"));
    String hash = collectors().reloads().configHash();
    write(
        """
        a: {enabled: true, kind: none, config: {version: 2}},
        b: {enabled: false, kind: none},
        d: {enabled: true, kind: none},
        e: {enabled: true, kind: none},
        f: {kind: none}\
        """,
        "workers: 5");
    Reload reload = collectors().reload();
    assertEquals(List.of("d", "e"), reload.started());
    assertEquals(List.of("b", "c"), reload.stopped());
    assertEquals(List.of("a"), reload.restarted());
    assertEquals(List.of("f", "good"), reload.unchanged());
    assertEquals(List.of("orchestrator.workers"), reload.needRestart());
    assertEquals(1, reload.warnings().size());
    await().until(() -> flows.opened("a") == 2 && flows.opened("e") == 1);
    await().until(() -> view("c").orElseThrow().detail().startsWith("not configured any more"));
    await().until(() -> collectors().check().detail().equals("4 of 7 running"));
    ReloadStats stats = collectors().reloads();
    assertEquals(1, stats.succeeded());
    assertNotEquals(hash, stats.configHash());
    assertThrows(UnknownCollectorException.class, () -> collectors().enable("c"));
    write("c: {enabled: true, kind: none}", "");
    assertEquals(List.of("c"), collectors().reload().started());
    await().until(() -> view("c").orElseThrow().phase() == Phase.RUNNING);
    assertGoodIsUntouched();
  }

  @Test
  void aBadFileKeepsTheOldConfiguration() {
    start("a: {enabled: true, kind: none}");
    await().until(() -> collectors().check().detail().equals("2 of 2 running"));
    write("a: {enabled: true, kind: nine}, b: {enabled: 3}", "workers: 0");
    ConfigException e = assertThrows(ConfigException.class, () -> collectors().reload());
    assertEquals(3, e.mistakes().size(), e::getMessage);
    assertEquals(
        new ReloadStats(0, 1, true, collectors().reloads().configHash()), collectors().reloads());
    assertEquals(List.of("a", "good"), names());
    assertEquals(1, flows.opened("a"));
    write("a: {enabled: true, kind: none}", "");
    assertEquals(List.of("a", "good"), collectors().reload().unchanged());
    assertFalse(collectors().reloads().lastFailed());
    assertGoodIsUntouched();
  }

  @Test
  void aSecondReloadAtTheSameTimeIsRefused() throws Exception {
    CountDownLatch reading = new CountDownLatch(1);
    CountDownLatch goOn = new CountDownLatch(1);
    write("", "");
    CollectorsConfig config = read();
    Collectors collectors =
        collectors(
            config,
            () -> {
              reading.countDown();
              await().until(() -> goOn.getCount() == 0);
              return config;
            });
    CompletableFuture<Reload> first = CompletableFuture.supplyAsync(collectors::reload);
    reading.await();
    assertThrows(ReloadRunningException.class, collectors::reload);
    goOn.countDown();
    assertEquals(List.of("good"), first.get().unchanged());
    assertEquals(List.of("good"), collectors.reload().unchanged());
  }

  @Test
  void aHundredReloadsLoseNoEvent() {
    start("a: {enabled: true, kind: none}");
    for (int i = 1; i <= 100; i++) {
      write("a: {enabled: true, kind: none, config: {version: %d}}".formatted(i), "");
      assertEquals(List.of("a"), collectors().reload().restarted());
      if (i % 10 == 0) {
        await().until(() -> view("a").orElseThrow().phase() == Phase.RUNNING);
      }
    }
    long before = flows.received("a");
    await().until(() -> flows.received("a") > before);
    collectors().close();
    // A thread that was given up may still have to count.
    await().until(() -> behaviour.emitted.get() == flows.received("a") + flows.received("good"));
    assertEquals(100, collectors().reloads().succeeded());
    assertGoodIsUntouched();
  }

  @Test
  void closingEndsEveryThreadAndRefusesWhatComesLater() {
    start("a: {enabled: true, kind: floods}, b: {enabled: true, kind: none}");
    await().until(() -> flows.received("a") > 0);
    collectors().close();
    collectors().close();
    await().until(() -> threadsOf("collector-") == 0);
    assertThrows(RefusedException.class, () -> collectors().enable("a"));
    assertThrows(RefusedException.class, () -> collectors().reload());
  }

  /** It ran from the beginning, and emits. */
  private void assertGoodIsUntouched() {
    assertEquals(1, flows.opened("good"));
    assertEquals(0, view("good").orElseThrow().restarts());
    flows.stats().forEach(lane -> assertEquals(0, lane.imbalance(), lane::toString));
  }

  private void start(String others) {
    write(others, "");
    running = collectors(read(), this::read);
    running.start();
    if (!others.contains("fail")) {
      await().until(() -> flows.received("good") > 0);
    }
  }

  private Collectors collectors(
      CollectorsConfig config, java.util.function.Supplier<CollectorsConfig> source) {
    return new Collectors(
        config,
        flows,
        new Memory(),
        source,
        Ticker.system(),
        InstantSource.system(),
        new Random(1),
        QUICK);
  }

  private void write(String collectors, String orchestrator) {
    String separator = collectors.isEmpty() ? "" : ", ";
    file.set(
        "orchestrator: {%s}\ncollectors: {%s%s%s}"
            .formatted(orchestrator, collectors, separator, GOOD));
  }

  private CollectorsConfig read() {
    return Configs.read(file.get(), kinds);
  }

  private Collectors collectors() {
    if (running == null) {
      throw new IllegalStateException("not started");
    }
    return running;
  }

  private CollectorView bad() {
    return view("bad").orElseThrow();
  }

  private Optional<CollectorView> view(String name) {
    return collectors().find(name);
  }

  private LaneStats lane(String name) {
    return flows.stats().stream()
        .filter(lane -> lane.collector().equals(name))
        .findFirst()
        .orElseThrow();
  }

  private List<String> names() {
    return collectors().list().stream().map(CollectorView::name).toList();
  }

  private static long threadsOf(String prefix) {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getThreadGroup() != null)
        .filter(thread -> thread.getThreadGroup().getName().startsWith(prefix))
        .filter(thread -> !thread.getName().startsWith("ForkJoinPool"))
        .count();
  }

  private static final class Memory implements Positions {
    private final Map<String, String> saved = new HashMap<>();

    @Override
    public synchronized Optional<String> load(String collector) {
      return Optional.ofNullable(saved.get(collector));
    }

    @Override
    public synchronized void save(String collector, String position) {
      saved.put(collector, position);
    }
  }
}
