package org.osprey.coordinator.benchmarks.e2e;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.osprey.coordinator.database.PostgresServer;
import org.osprey.coordinator.tasks.samples.SampleService;
import org.osprey.coordinator.tasks.samples.SampleServices;

/** As many tasks as go, with services that answer at once. */
final class TaskThroughput implements Scenario {
  private static final Duration WARM_UP = Duration.ofSeconds(15);
  private static final Duration LENGTH = Duration.ofSeconds(20);
  private static final int CALLS = 3;

  @Override
  public List<Figure> measure() throws IOException, InterruptedException {
    List<Figure> figures = new ArrayList<>();
    Path folder = Files.createTempDirectory("tasks-e2e");
    figures.addAll(measure("SQLite", "file: " + folder.resolve("tasks.db"), 600));
    if (PostgresServer.isInstalled()) {
      try (PostgresServer server = PostgresServer.start()) {
        figures.addAll(measure("PostgreSQL", "url: \"" + server.newDatabase() + "\"", 400));
      }
    }
    return figures;
  }

  private static List<Figure> measure(String name, String database, double wanted)
      throws IOException, InterruptedException {
    try (SampleServices services = new SampleServices(0, SampleService.Behaviour.QUICK);
        CoordinatorChild coordinator =
            CoordinatorChild.start(TaskLoad.settings(services, database));
        TaskLoad load = new TaskLoad(coordinator, services, Double.POSITIVE_INFINITY)) {
      Thread.sleep(WARM_UP);
      long began = System.nanoTime();
      long calledBefore = load.called();
      double cpuBefore = coordinator.jvm().cpuMillis();
      Thread.sleep(LENGTH);
      double tasks = (load.called() - calledBefore) / (double) CALLS;
      double perSecond = tasks * 1e9 / (System.nanoTime() - began);
      double cpu = (coordinator.jvm().cpuMillis() - cpuBefore) / tasks;
      return List.of(
          Figure.atLeast("tasks on " + name, perSecond, "1/s", wanted),
          Figure.of("coordinator's CPU of one", cpu, "ms"),
          Figure.of("RSS", coordinator.jvm().rssKib() / 1024, "MiB"),
          Figure.atMost("not accepted", load.refused(), "tasks", 0));
    }
  }
}
