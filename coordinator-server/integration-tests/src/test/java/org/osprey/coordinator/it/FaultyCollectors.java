package org.osprey.coordinator.it;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.osprey.coordinator.collector.Collector;
import org.osprey.coordinator.collector.CollectorContext;
import org.osprey.coordinator.collector.CollectorKind;
import org.osprey.coordinator.collector.Emitter;

/** Collectors as nobody wants them; found as every other kind is. */
public final class FaultyCollectors {
  private FaultyCollectors() {}

  /** Needs no settings. */
  public record Nothing() {}

  /** What they have in common; found by nobody. */
  public abstract static class Faulty implements CollectorKind<Nothing>, Collector {
    private final String name;

    Faulty(String name) {
      this.name = name;
    }

    @Override
    public String name() {
      return name;
    }

    @Override
    public Collector create(Nothing config, CollectorContext context) {
      return this;
    }

    @Override
    public Nothing defaults() {
      return new Nothing();
    }

    @Override
    public void close() {}
  }

  /** Throws in its start. */
  public static final class Throwing extends Faulty {
    public Throwing() {
      super("throwing");
    }

    @Override
    public void start(Emitter emitter) {
      throw new IllegalStateException("as ever");
    }
  }

  /** Throws a while after its start. */
  public static final class Breaking extends Faulty {
    public Breaking() {
      super("breaking");
    }

    @Override
    public Collector create(Nothing config, CollectorContext context) {
      context.every(
          Duration.ofMillis(200),
          () -> {
            throw new IllegalStateException("after a while");
          });
      return this;
    }

    @Override
    public void start(Emitter emitter) {}
  }

  /** Never returns from its start, whatever it is told. */
  public static final class Hanging extends Faulty {
    public Hanging() {
      super("hanging");
    }

    @Override
    public void start(Emitter emitter) {
      waitForEver();
    }
  }

  /** Leaves a thread behind. */
  public static final class Leaking extends Faulty {
    public Leaking() {
      super("leaking");
    }

    @Override
    public void start(Emitter emitter) {
      Thread leaked = new Thread(FaultyCollectors::waitForEver, "leaked");
      leaked.setDaemon(true);
      leaked.start();
    }
  }

  private static void waitForEver() {
    CountDownLatch never = new CountDownLatch(1);
    while (never.getCount() > 0) {
      try {
        never.await();
      } catch (InterruptedException e) {
        // That is what is wrong with it.
      }
    }
  }
}
