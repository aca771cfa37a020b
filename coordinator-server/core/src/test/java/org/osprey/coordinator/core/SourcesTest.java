package org.osprey.coordinator.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.osprey.coordinator.core.Sources.Status;

class SourcesTest {
  private final Map<String, Switch> switches = new LinkedHashMap<>();
  private final CountDownLatch bothClosing = new CountDownLatch(2);
  private final Sources sources;

  SourcesTest() {
    switches.put("kafka", new Switch("kafka"));
    switches.put("nats", new Switch("nats"));
    sources = new Sources(switches);
  }

  @Test
  void oneIsPausedAndGoesOnWithoutTheOther() {
    sources.pause("kafka");
    sources.pause("kafka");
    assertTrue(isPaused("kafka"));
    assertFalse(isPaused("nats"));
    assertEquals(
        List.of(
            new Status("kafka", true, Check.ok("kafka", "paused=true")),
            new Status("nats", false, Check.ok("nats", "paused=false"))),
        sources.list());
    sources.resume("kafka");
    assertFalse(isPaused("kafka"));
    assertFalse(sources.list().getFirst().paused());
  }

  @Test
  void anUnknownNameIsRefusedWithThoseThereAre() {
    IllegalArgumentException refused =
        assertThrows(IllegalArgumentException.class, () -> sources.pause("kafak"));
    assertEquals("no source is called kafak; there are [kafka, nats]", refused.getMessage());
  }

  @Test
  void aDrainingCoordinatorResumesNothing() {
    sources.drain();
    assertThrows(IllegalStateException.class, () -> sources.resume("nats"));
    assertTrue(isPaused("kafka"));
    assertTrue(isPaused("nats"));
  }

  /** Each close waits for the other one to begin. */
  @Test
  void allAreClosedAtTheSameTime() {
    sources.close();
    assertEquals(0, bothClosing.getCount());
  }

  @Test
  void eachTellsHowFarItIs() {
    SourceProgress far = new SourceProgress(7, 1, 2, 3, 4, 5L, Duration.ofSeconds(6));
    switches.values().forEach(source -> source.progress = far);
    Map<String, SourceProgress> progress = sources.progress();
    assertEquals(List.of("kafka", "nats"), List.copyOf(progress.keySet()));
    assertEquals(Map.of("kafka", far, "nats", far), progress);
  }

  private boolean isPaused(String name) {
    return switches.getOrDefault(name, new Switch("none")).paused;
  }

  private final class Switch implements Source {
    private final String name;
    private volatile boolean paused;
    private SourceProgress progress = SourceProgress.NONE;

    private Switch(String name) {
      this.name = name;
    }

    @Override
    public void start(Intake intake) {}

    @Override
    public void setPaused(boolean wanted) {
      paused = wanted;
    }

    @Override
    public SourceProgress progress() {
      return progress;
    }

    @Override
    public Check check() {
      return Check.ok(name, "paused=" + paused);
    }

    @Override
    public void close() {
      bothClosing.countDown();
      try {
        bothClosing.await();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
