package org.osprey.coordinator.app;

import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import org.osprey.coordinator.core.Check;
import org.osprey.coordinator.core.Component;
import org.osprey.coordinator.core.Dispatcher;
import org.osprey.coordinator.core.DispatcherStats;
import org.osprey.coordinator.core.Source;
import org.osprey.coordinator.core.SupervisedLoop;
import org.osprey.coordinator.core.Ticker;
import org.osprey.coordinator.rpc.RpcServers;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The running whole. Starts from the inside out (components, clock, ports, sources) and stops the
 * other way round; what it is given it starts, and closes.
 */
public final class Coordinator implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Coordinator.class);

  /** How often the dispatcher sees time pass. */
  private static final Duration TICK = Duration.ofMillis(20);

  private static final Duration STUCK_AFTER = Duration.ofSeconds(10);

  private final Parts parts;
  private final Dispatcher dispatcher;
  private final RpcServers rpc;
  private final SupervisedLoop ticks;
  private boolean closed;

  public Coordinator(Parts parts) {
    this.parts = parts;
    Ticker ticker = Ticker.system();
    dispatcher =
        new Dispatcher(
            parts.dispatching(),
            ticker,
            InstantSource.system(),
            RandomGenerator.getDefault(),
            parts.deadLetters(),
            parts.sink());
    rpc = new RpcServers(parts.ports(), dispatcher, parts.ids(), ticker);
    ticks = new SupervisedLoop("ticks", ticker, STUCK_AFTER, this::tick);
  }

  /**
   * Returns once both ports accept.
   *
   * @throws IOException naming the port that could not be opened; everything is closed again then
   */
  public void start() throws IOException {
    parts.components().forEach(Component::start);
    ticks.start();
    try {
      rpc.start();
    } catch (IOException e) {
      close();
      throw e;
    }
    parts.sources().forEach(source -> source.start(dispatcher));
  }

  public int workerPort() {
    return rpc.workerPort();
  }

  public int syncPort() {
    return rpc.syncPort();
  }

  public Dispatcher dispatcher() {
    return dispatcher;
  }

  /** The health of every part. */
  public List<Check> checks() {
    List<Check> checks = new ArrayList<>();
    checks.add(ticks.check());
    checks.add(rpc.check());
    parts.sources().forEach(source -> checks.add(source.check()));
    parts.components().forEach(component -> checks.add(component.check()));
    return checks;
  }

  /**
   * Takes nothing more, lets workers finish what they have, tells the sources, and stops. Bounded
   * by the drain time and by what the parts need to close; may be repeated.
   */
  @Override
  public synchronized void close() {
    if (closed) {
      return;
    }
    closed = true;
    rpc.drain();
    parts.sources().forEach(source -> source.setPaused(true));
    dispatcher.drain();
    boolean drained = awaitDrained();
    dispatcher.rejectCallers();
    parts.sources().forEach(Source::close);
    rpc.close();
    ticks.close();
    parts.components().reversed().forEach(Component::close);
    DispatcherStats stats = dispatcher.stats();
    log.info(
        "stopped: drained={} given_back={}", drained, stats.async().accepted() + stats.leased());
  }

  private boolean awaitDrained() {
    try {
      return dispatcher.awaitDrained(parts.drainTimeout());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private void tick() throws InterruptedException {
    dispatcher.tick();
    Thread.sleep(TICK);
  }
}
