package org.osprey.coordinator.app;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.osprey.coordinator.core.Check;
import org.osprey.coordinator.core.DeadLetters;
import org.osprey.coordinator.core.Dispatcher;
import org.osprey.coordinator.core.DispatcherSettings;
import org.osprey.coordinator.core.IdGenerator;
import org.osprey.coordinator.core.ResultSink;
import org.osprey.coordinator.core.Source;
import org.osprey.coordinator.core.SupervisedLoop;
import org.osprey.coordinator.core.Ticker;
import org.osprey.coordinator.rpc.RpcServers;
import org.osprey.coordinator.rpc.RpcSettings;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The running whole. Starts from the inside out (clock, ports, sources) and stops the other way
 * round; what it is given it starts, and closes.
 */
public final class Coordinator implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Coordinator.class);

  /** How often the dispatcher sees time pass. */
  private static final Duration TICK = Duration.ofMillis(20);

  /** How long sources get to say what is finished, once nothing is out any more. */
  private static final Duration STUCK = Duration.ofSeconds(10);

  private final Dispatcher dispatcher;
  private final RpcServers rpc;
  private final List<Source> sources;
  private final SupervisedLoop ticks;
  private final Duration drainTimeout;

  /**
   * @param sink null when results are not published
   * @param drainTimeout how long {@link #close} waits for what is out
   */
  public Coordinator(
      DispatcherSettings dispatching,
      RpcSettings ports,
      IdGenerator ids,
      DeadLetters deadLetters,
      @Nullable ResultSink sink,
      List<Source> sources,
      Duration drainTimeout) {
    Ticker ticker = Ticker.system();
    this.sources = List.copyOf(sources);
    this.drainTimeout = drainTimeout;
    dispatcher =
        new Dispatcher(dispatching, ticker, RandomGenerator.getDefault(), deadLetters, sink);
    rpc = new RpcServers(ports, dispatcher, ids, ticker);
    ticks = new SupervisedLoop("ticks", ticker, STUCK, this::tick);
  }

  /**
   * Returns once both ports accept.
   *
   * @throws IOException naming the port that could not be opened; everything is closed again then
   */
  public void start() throws IOException {
    ticks.start();
    try {
      rpc.start();
    } catch (IOException e) {
      close();
      throw e;
    }
    sources.forEach(source -> source.start(dispatcher));
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
    sources.forEach(source -> checks.add(source.check()));
    return checks;
  }

  /**
   * Takes nothing more, lets workers finish what they have, tells the sources, and stops. Bounded
   * by the drain time and a few seconds; may be repeated.
   */
  @Override
  public void close() {
    rpc.drain();
    sources.forEach(source -> source.setPaused(true));
    dispatcher.drain();
    boolean drained = awaitDrained();
    dispatcher.rejectCallers();
    sources.forEach(Source::close);
    rpc.close();
    ticks.close();
    log.info("stopped: drained={} outstanding={}", drained, dispatcher.stats().leased());
  }

  private boolean awaitDrained() {
    try {
      return dispatcher.awaitDrained(drainTimeout);
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
