package org.osprey.coordinator.http;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.net.http.HttpResponse;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Callable;
import org.osprey.coordinator.core.Action;
import org.osprey.coordinator.core.ActionNames;
import org.osprey.coordinator.core.Delivery;
import org.osprey.coordinator.core.Dispatcher;
import org.osprey.coordinator.core.DispatcherSettings;
import org.osprey.coordinator.core.InMemoryDeadLetters;
import org.osprey.coordinator.core.Lease;
import org.osprey.coordinator.core.Sources;
import org.osprey.coordinator.core.Target;
import org.osprey.coordinator.core.Ticker;

/** A program, not a test: what a scrape costs a coordinator with 10,000 streams. */
final class ScrapeCost {
  private static final int STREAMS = 10_000;
  private static final int ROUNDS = 300;

  private ScrapeCost() {}

  public static void main(String[] arguments) throws Exception {
    Dispatcher dispatcher =
        new Dispatcher(
            DispatcherSettings.DEFAULTS,
            Ticker.system(),
            InstantSource.system(),
            new Random(1),
            new InMemoryDeadLetters(),
            null);
    for (int id = 1; id <= STREAMS; id++) {
      dispatcher.connect("worker-" + id, ActionNames.ALL, 1, new Silent());
      Action action =
          new Action(
              id, "user_login", Action.Encoding.JSON, new byte[] {'{', '}'}, null, Instant.EPOCH);
      dispatcher.offer(Delivery.async(action, "test", null, outcome -> {}));
    }
    measure("picture, under the lock", dispatcher::picture);
    Operator operator =
        new Operator(
            dispatcher,
            new Sources(Map.of()),
            null,
            List::of,
            () -> Operator.Phase.RUNNING,
            "none",
            () -> {});
    try (MetricsRoutes metrics = new MetricsRoutes(operator, List.of(), List.of());
        ServedRoutes served = new ServedRoutes(metrics)) {
      long start = System.nanoTime();
      HttpResponse<byte[]> first = served.get("/metrics");
      System.out.printf(
          "first scrape: %d ms, %d bytes%n",
          (System.nanoTime() - start) / 1_000_000, first.body().length);
      measure("scrape over HTTP", () -> served.get("/metrics"));
    }
  }

  /** The first half of the calls warms up. */
  private static void measure(String what, Callable<?> call) throws Exception {
    long[] nanos = new long[ROUNDS];
    long processor = 0;
    for (int i = 0; i < 2 * ROUNDS; i++) {
      if (i == ROUNDS) {
        processor = processorNanos();
      }
      long start = System.nanoTime();
      call.call();
      nanos[i % ROUNDS] = System.nanoTime() - start;
    }
    long each = (processorNanos() - processor) / ROUNDS;
    Arrays.sort(nanos);
    System.out.printf(
        "%s: median %d us, p99 %d us, processor time of the whole process %d us%n",
        what, nanos[ROUNDS / 2] / 1000, nanos[ROUNDS * 99 / 100] / 1000, each / 1000);
  }

  private static long processorNanos() {
    return ManagementFactory.getOperatingSystemMXBean() instanceof OperatingSystemMXBean system
        ? system.getProcessCpuTime()
        : 0;
  }

  private static final class Silent implements Target {
    @Override
    public void lease(Lease lease) {}

    @Override
    public void end() {}
  }
}
