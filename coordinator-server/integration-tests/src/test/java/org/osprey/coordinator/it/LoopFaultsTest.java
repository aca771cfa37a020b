package org.osprey.coordinator.it;

import static java.util.stream.Collectors.toSet;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.lang.reflect.Field;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.osprey.coordinator.core.SupervisedLoop;
import org.osprey.coordinator.database.PostgresServer;
import org.osprey.coordinator.etcd.EtcdServer;

/**
 * Row R3 of the fault table: each loop of a coordinator that has everything fails, and goes on. A
 * class that makes a loop and is not part of that coordinator fails the test. {@code
 * -Dfault.strict=true} demands the row's figure.
 */
@Timeout(300)
class LoopFaultsTest {
  /** Makes loops for tests, and for nobody else. */
  private static final Set<String> FOR_TESTS = Set.of("InMemorySource");

  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final Duration OFTEN = Duration.ofMillis(10);

  /**
   * The row's five seconds for a machine that does nothing else, and as many again: a turn that
   * ends well ends with a rest of up to that long.
   */
  private static final Duration PROGRESS =
      Duration.ofSeconds(Boolean.getBoolean("fault.strict") ? 10 : 30);

  @TempDir private static Path folder;

  private static EverythingFixture everything;

  @BeforeAll
  static void start() {
    assumeTrue(PostgresServer.isInstalled(), "no PostgreSQL server is installed");
    assumeTrue(EtcdServer.isInstalled(), "no etcd is installed");
    everything = new EverythingFixture(folder);
    await()
        .atMost(PATIENCE)
        .until(() -> everything.loops().stream().allMatch(loop -> loop.check().healthy()));
  }

  @AfterAll
  static void stop() {
    if (everything != null) {
      everything.close();
    }
  }

  @Test
  void r3EachLoopFailsAndGoesOn() throws InterruptedException {
    List<SupervisedLoop> loops = everything.loops();
    assertEquals(makers(), loops.stream().map(LoopFaultsTest::maker).collect(toSet()));
    Map<SupervisedLoop, Duration> recoveries = new ConcurrentHashMap<>();
    List<Thread> drills = new ArrayList<>();
    for (SupervisedLoop loop : loops) {
      drills.add(Thread.ofVirtual().start(() -> recoveries.put(loop, drill(loop))));
    }
    for (Thread drill : drills) {
      drill.join();
    }
    assertEquals(Set.copyOf(loops), recoveries.keySet());
    Map.Entry<SupervisedLoop, Duration> slowest =
        Collections.max(recoveries.entrySet(), Map.Entry.comparingByValue());
    Duration longest = slowest.getValue();
    System.out.printf(
        "R3 loops=%d faults=%d recovered=%d longest_ms=%d slowest_loop=%s%n",
        loops.size(),
        2 * loops.size(),
        2 * recoveries.size(),
        longest.toMillis(),
        slowest.getKey().name());
    assertTrue(longest.compareTo(PROGRESS) <= 0, () -> slowest.getKey().name() + ": " + longest);
    Scrape scrape = everything.scrape();
    for (SupervisedLoop loop : loops) {
      assertTrue(scrape.value("loop_failures_total", "loop", loop.name()) >= 1, loop::name);
    }
  }

  @Test
  void r3ACoordinatorIsNotReadyWhileALoopFails() {
    List<SupervisedLoop> loops = everything.neededLoops();
    loops.forEach(loop -> loop.drill(new IllegalStateException("a drill")));
    try {
      for (SupervisedLoop loop : loops) {
        await(loop.name()).atMost(PATIENCE).until(() -> loop.stats().failing());
      }
      HttpResponse<String> readiness = everything.readiness();
      assertEquals(503, readiness.statusCode());
      for (SupervisedLoop loop : loops) {
        assertTrue(readiness.body().contains('"' + loop.name() + ": failed"), loop::name);
      }
    } finally {
      loops.forEach(loop -> loop.drill(null));
    }
    await().atMost(PATIENCE).until(() -> !everything.readiness().body().contains(": failed"));
  }

  /** Fails the loop, then interrupts its step; how long it took to go on, the longer time. */
  private static Duration drill(SupervisedLoop loop) {
    Duration failed = failOnce(loop);
    Duration interrupted = interrupt(loop);
    return failed.compareTo(interrupted) > 0 ? failed : interrupted;
  }

  private static Duration failOnce(SupervisedLoop loop) {
    long before = loop.failures();
    loop.drill(new IllegalStateException("a drill"));
    await(loop.name())
        .pollInterval(OFTEN)
        .atMost(PATIENCE)
        .until(() -> loop.failures() > before && !loop.check().healthy());
    loop.drill(null);
    return awaitStep(loop);
  }

  /** Meets it wherever it waits. */
  private static Duration interrupt(SupervisedLoop loop) {
    Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getName().equals(loop.name()))
        .forEach(Thread::interrupt);
    return awaitStep(loop);
  }

  private static Duration awaitStep(SupervisedLoop loop) {
    long start = System.nanoTime();
    await(loop.name())
        .pollInterval(OFTEN)
        .atMost(PATIENCE)
        .until(
            () ->
                loop.sinceProgress().toNanos() < System.nanoTime() - start
                    && loop.check().healthy());
    return Duration.ofNanos(System.nanoTime() - start);
  }

  /** The classes that make loops. */
  private static Set<String> makers() {
    return new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .withImportOption(location -> !location.contains("/contract/"))
            .importPackages("org.osprey.coordinator")
            .stream()
            .filter(
                type ->
                    type.getConstructorCallsFromSelf().stream()
                        .anyMatch(
                            call -> call.getTargetOwner().isEquivalentTo(SupervisedLoop.class)))
            .map(JavaClass::getSimpleName)
            .filter(name -> !FOR_TESTS.contains(name))
            .collect(toSet());
  }

  /** Whoever makes a loop also makes its step. */
  private static String maker(SupervisedLoop loop) {
    try {
      Field step = SupervisedLoop.class.getDeclaredField("step");
      step.setAccessible(true);
      String lambda = step.get(loop).getClass().getName();
      return lambda.substring(lambda.lastIndexOf('.') + 1).replaceFirst("\\$\\$Lambda.*", "");
    } catch (ReflectiveOperationException e) {
      throw new LinkageError(e.getMessage(), e);
    }
  }
}
