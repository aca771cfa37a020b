package org.osprey.coordinator.collectors.lifecycle;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.osprey.coordinator.collector.Collector;
import org.osprey.coordinator.collector.CollectorContext;
import org.osprey.coordinator.collector.CollectorKind;
import org.osprey.coordinator.collector.Emitter;
import org.osprey.coordinator.collector.Event;
import org.osprey.coordinator.collector.Health;
import org.osprey.coordinator.collector.Payload;
import org.osprey.coordinator.collector.Severity;
import org.osprey.coordinator.collectors.config.FakeKind;
import org.osprey.coordinator.collectors.config.Kinds;

/** Collectors that behave, and those that do not, each in its own way until {@link #mend}. */
final class Behaviour {
  final AtomicInteger starts = new AtomicInteger();
  final AtomicInteger closes = new AtomicInteger();
  final AtomicLong emitted = new AtomicLong();
  final CountDownLatch released = new CountDownLatch(1);
  volatile boolean broken = true;

  /** Says nothing more of itself than that it is another than before. */
  record Settings(int version) {}

  private static final Event EVENT =
      new Event("test.event", Severity.INFO, Instant.EPOCH, Map.of(), Payload.NONE);

  /** What is done in each place. */
  private enum Fault {
    NONE,
    THROWS_IN_START,
    LINKAGE_ERROR_IN_START,
    HANGS_IN_START,
    THROWS_IN_TASK,
    OVERFLOWS_IN_TASK,
    THREAD_DIES,
    SAYS_FAILED,
    LEAKS_THREAD,
    HEALTH_HANGS,
    HEALTH_THROWS,
    CLOSE_HANGS,
    CLOSE_THROWS,
    FLOODS
  }

  Kinds kinds() {
    return Kinds.of(List.of(Fault.values()).stream().map(this::kind).toList());
  }

  void mend() {
    broken = false;
  }

  /** Ends everything that hangs. */
  void release() {
    mend();
    released.countDown();
  }

  private CollectorKind<Settings> kind(Fault fault) {
    String name = fault.name().toLowerCase(java.util.Locale.ROOT).replace('_', '-');
    return FakeKind.of(
        name, new Settings(0), (settings, context) -> new Misbehaving(fault, context));
  }

  private final class Misbehaving implements Collector {
    private final Fault fault;
    private final CollectorContext context;

    Misbehaving(Fault fault, CollectorContext context) {
      this.fault = fault;
      this.context = context;
    }

    @Override
    public void start(Emitter emitter) throws Exception {
      if (fault != Fault.NONE) {
        starts.incrementAndGet();
      }
      context.every(Duration.ofMillis(5), () -> poll(emitter));
      if (!broken) {
        return;
      }
      switch (fault) {
        case THROWS_IN_START -> throw new IllegalStateException("no such device");
        case LINKAGE_ERROR_IN_START -> throw new NoClassDefFoundError("lib/Missing");
        case HANGS_IN_START -> hang();
        case THREAD_DIES -> {
          Thread.ofPlatform()
              .start(
                  () -> {
                    throw new IllegalStateException("thread is dead");
                  });
        }
        case SAYS_FAILED -> context.failed(new IllegalStateException("gave up"));
        case LEAKS_THREAD -> Thread.ofPlatform().start(this::hang);
        case FLOODS -> Thread.ofPlatform().start(() -> flood(emitter));
        default -> {}
      }
    }

    private void poll(Emitter emitter) throws InterruptedException {
      if (broken && fault == Fault.THROWS_IN_TASK) {
        throw new IllegalStateException("bad answer");
      }
      if (broken && fault == Fault.OVERFLOWS_IN_TASK) {
        overflow(0);
      }
      emitter.emit(EVENT);
      emitted.incrementAndGet();
    }

    @SuppressWarnings("InfiniteRecursion") // that is the fault
    private int overflow(int depth) {
      return overflow(depth + 1) + 1;
    }

    private void flood(Emitter emitter) {
      try {
        while (true) {
          emitter.emit(EVENT);
          emitted.incrementAndGet();
        }
      } catch (InterruptedException | Emitter.ClosedException e) {
        Thread.currentThread().interrupt();
      }
    }

    /** Until it is released, whoever interrupts. */
    private void hang() {
      while (released.getCount() > 0) {
        try {
          released.await();
        } catch (InterruptedException e) {
          // Goes on hanging.
        }
      }
    }

    @Override
    public Health health() {
      if (broken && fault == Fault.HEALTH_HANGS) {
        hang();
      }
      if (broken && fault == Fault.HEALTH_THROWS) {
        throw new IllegalStateException("no pulse");
      }
      return Health.ok("running");
    }

    @Override
    public void close() {
      closes.incrementAndGet();
      if (broken && fault == Fault.CLOSE_HANGS) {
        hang();
      }
      if (broken && fault == Fault.CLOSE_THROWS) {
        throw new IllegalStateException("stuck door");
      }
    }
  }
}
