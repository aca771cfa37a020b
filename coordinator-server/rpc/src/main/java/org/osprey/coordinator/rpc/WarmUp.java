package org.osprey.coordinator.rpc;

import java.io.IOException;
import java.net.InetAddress;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.random.RandomGenerator;
import org.osprey.coordinator.core.CountingIds;
import org.osprey.coordinator.core.Dispatcher;
import org.osprey.coordinator.core.DispatcherSettings;
import org.osprey.coordinator.core.InMemoryDeadLetters;
import org.osprey.coordinator.core.Ticker;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Calls that a coordinator sends itself, so that what serves the real ones is compiled by then.
 * They go through ports and a dispatcher of their own, on the loopback: no counter, worker or
 * caller of the coordinator sees anything of them.
 */
public final class WarmUp {
  private static final Logger log = LoggerFactory.getLogger(WarmUp.class);

  /** For the calls that are out when the time is over. */
  private static final Duration FAREWELL = Duration.ofMillis(500);

  private WarmUp() {}

  /**
   * Blocks for that time, or until {@code stopped}. A failure is logged and nothing more.
   *
   * @return number of calls that were answered
   */
  public static long run(Duration time, BooleanSupplier stopped) {
    long start = System.nanoTime();
    long answered = 0;
    try (RpcServers servers = servers()) {
      servers.start();
      answered = load(servers, time, stopped);
      log.info(
          "warm-up: calls={} took_ms={}",
          answered,
          TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start));
    } catch (IOException | RuntimeException e) {
      log.warn("warm-up failed, so the first calls will be slow: error=\"{}\"", e.toString());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return answered;
  }

  private static long load(RpcServers servers, Duration time, BooleanSupplier stopped)
      throws InterruptedException {
    try (WarmUpLoad load = new WarmUpLoad(servers.workerPort(), servers.syncPort())) {
      load.start();
      load.await(time, stopped);
      load.stop(FAREWELL);
      return load.answered();
    }
  }

  static RpcServers servers() {
    Ticker ticker = Ticker.system();
    Dispatcher dispatcher =
        new Dispatcher(
            DispatcherSettings.DEFAULTS,
            ticker,
            InstantSource.system(),
            RandomGenerator.getDefault(),
            new InMemoryDeadLetters(),
            null);
    return new RpcServers(
        settings(), RpcSecurity.none(ticker), dispatcher, new CountingIds(), ticker);
  }

  private static RpcSettings settings() {
    String loopback = InetAddress.getLoopbackAddress().getHostAddress();
    Duration patience = Duration.ofSeconds(5);
    return new RpcSettings(loopback, 0, 0, 1, 1, patience, false, RpcSettings.Limits.DEFAULTS);
  }
}
