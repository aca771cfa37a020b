package org.osprey.coordinator.benchmarks.e2e;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.osprey.coordinator.tasks.samples.SampleService;
import org.osprey.coordinator.tasks.samples.SampleServices;

/** Sync calls, first alone and then beside tasks. */
final class BesideTasks implements Scenario {
  private static final int STREAMS = 32;
  private static final double CALLS = 500;
  private static final double TASKS = Integer.getInteger("tasks.rate", 100);
  private static final Duration WARM_UP = Duration.ofSeconds(15);
  private static final Duration LENGTH = Duration.ofSeconds(20);

  @SuppressWarnings("try") // The workers only have to be there.
  @Override
  public List<Figure> measure() throws IOException, InterruptedException {
    Path folder = Files.createTempDirectory("tasks-e2e");
    try (SampleServices services = new SampleServices(0, SampleService.Behaviour.QUICK);
        CoordinatorChild coordinator =
            CoordinatorChild.start(
                TaskLoad.settings(services, "file: " + folder.resolve("tasks.db")));
        Workers workers = Workers.connect(coordinator, STREAMS, 2, Duration.ZERO);
        Calls calls = new Calls(coordinator)) {
      CallResults quiet = calls.openLoop(CALLS, WARM_UP, LENGTH);
      try (TaskLoad load = new TaskLoad(coordinator, services, TASKS)) {
        CallResults busy = calls.openLoop(CALLS, WARM_UP, LENGTH);
        double quietP99 = quiet.good().quantile(0.99);
        double busyP99 = busy.good().quantile(0.99);
        double seconds = WARM_UP.plus(LENGTH).toSeconds();
        return List.of(
            Figure.of("calls", busy.perSecond(), "1/s"),
            Figure.of("quiet p99", quietP99, "ms"),
            Figure.of("p99 beside tasks", busyP99, "ms"),
            Figure.atMost("p99 beside tasks to quiet", busyP99 / quietP99, "x", 1.5),
            Figure.atLeast("tasks", load.called() / 3.0 / seconds, "1/s", TASKS * 0.9),
            Figure.atMost("errors", quiet.failures() + busy.failures(), "calls", 0));
      }
    }
  }
}
