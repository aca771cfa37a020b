package org.osprey.coordinator.collectors.builtin.kernel;

import java.io.File;
import java.io.IOException;
import org.osprey.coordinator.collector.Collector;
import org.osprey.coordinator.collector.CollectorContext;
import org.osprey.coordinator.collector.Emitter;
import org.osprey.coordinator.collector.Health;

/** Polls the processes and, less often, the counters. */
final class KernelCollector implements Collector {
  private final KernelConfig config;
  private final CollectorContext context;
  private final Processes processes;
  private final Machine machine;

  KernelCollector(KernelConfig config, CollectorContext context) {
    this.config = config;
    this.context = context;
    File root = new File(config.procRoot());
    this.processes = new Processes(root, config, context);
    this.machine = new Machine(root, config, context);
  }

  /**
   * @throws IOException when there is no such file system
   */
  @Override
  public void start(Emitter emitter) throws IOException {
    processes.open();
    context.every(config.pollInterval(), () -> processes.poll(emitter));
    context.every(config.statsInterval(), () -> machine.poll(emitter));
  }

  @Override
  public Health health() {
    return Health.ok("watches %d processes%s".formatted(processes.count(), machine.absent()));
  }

  @Override
  public void close() {}
}
