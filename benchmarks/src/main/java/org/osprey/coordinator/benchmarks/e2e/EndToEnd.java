package org.osprey.coordinator.benchmarks.e2e;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Runs the scenarios that are named, or all of them, and prints their figures. Ends with 1 when a
 * scenario failed or took too long; a figure that misses what is wanted is only marked.
 */
public final class EndToEnd {
  private static final Duration LIMIT = Duration.ofSeconds(1_400);

  private final Table table = new Table();
  private volatile boolean failed;

  private EndToEnd() {}

  public static void main(String[] arguments) throws InterruptedException {
    Map<String, Scenario> scenarios = scenarios();
    List<String> names = List.of(arguments);
    if (!scenarios.keySet().containsAll(names)) {
      System.err.println("no such scenarios: " + names + ", want some of " + scenarios.keySet());
      System.exit(2);
    }
    if (!names.isEmpty()) {
      scenarios.keySet().retainAll(names);
    }
    System.exit(new EndToEnd().run(scenarios) ? 0 : 1);
  }

  private static Map<String, Scenario> scenarios() {
    Map<String, Scenario> scenarios = new LinkedHashMap<>();
    scenarios.put("start", new Start());
    scenarios.put("sync", new SyncShapes());
    scenarios.put("overload", new Overload());
    scenarios.put("fairness", new Fairness());
    scenarios.put("depth", new Depth());
    scenarios.put("idle", new IdleStreams());
    scenarios.put("watched", new Watched());
    scenarios.put("tasks", new TaskThroughput());
    scenarios.put("beside", new BesideTasks());
    scenarios.put("streams-memory", new StreamsInMemory());
    scenarios.put("streams-nats", new StreamsOverNats());
    scenarios.put("streams-websockets", new StreamsOverWebSockets());
    scenarios.put("collectors-null", new CollectorsToNull());
    scenarios.put("collectors-nats", new CollectorsOverNats());
    scenarios.put("replica-sets", new ReplicaSetsOverPostgres());
    scenarios.put("abuse", new Abuse());
    scenarios.put("soak", new Soak());
    return scenarios;
  }

  /**
   * @return whether all of them ended well and in time
   */
  private boolean run(Map<String, Scenario> scenarios) throws InterruptedException {
    Thread runner = new Thread(() -> scenarios.forEach(this::measure));
    runner.setDaemon(true);
    runner.start();
    runner.join(LIMIT.plus(Soak.LENGTH));
    if (runner.isAlive()) {
      table.addFailure("all", "took longer than " + LIMIT.plus(Soak.LENGTH));
    }
    table.print(System.out);
    return !failed && !runner.isAlive();
  }

  private void measure(String name, Scenario scenario) {
    System.err.println("measuring " + name + " ...");
    try {
      scenario.measure().forEach(figure -> table.add(name, figure));
    } catch (Exception | AssertionError e) {
      e.printStackTrace();
      table.addFailure(name, String.valueOf(e.getMessage()));
      failed = true;
    }
  }
}
