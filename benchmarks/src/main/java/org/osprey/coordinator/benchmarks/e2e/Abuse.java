package org.osprey.coordinator.benchmarks.e2e;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.osprey.coordinator.proto.bidirectional_stream.v1.OspreyCoordinatorServiceGrpc;
import org.osprey.coordinator.proto.sync_action.v1.OspreyCoordinatorSyncActionServiceGrpc;
import org.osprey.coordinator.rpc.Attack;
import org.osprey.coordinator.rpc.Attacks;

/**
 * Calls at a steady rate beside one attacker of each kind, who comes again each second, and before
 * each of them alone; the property {@code abuse.only} says what the names of the kinds to try hold.
 */
final class Abuse implements Scenario {
  private static final int STREAMS = 32;
  private static final double CALLS = Integer.getInteger("abuse.calls", 500);
  private static final Duration JIT_WARM_UP = Duration.ofSeconds(20);
  private static final Duration WARM_UP = Duration.ofSeconds(1);
  private static final Duration LENGTH = Duration.ofSeconds(Integer.getInteger("abuse.seconds", 5));
  private static final Duration LIMIT = Duration.ofSeconds(20);
  private static final String ONLY = System.getProperty("abuse.only", "");

  /** One port of a coordinator. */
  private record Target(String name, int port, String path) {
    static List<Target> of(CoordinatorChild coordinator) {
      return List.of(
          new Target(
              "worker",
              coordinator.workerPort(),
              "/"
                  + OspreyCoordinatorServiceGrpc.getOspreyBidirectionalStreamMethod()
                      .getFullMethodName()),
          new Target(
              "sync",
              coordinator.syncPort(),
              "/"
                  + OspreyCoordinatorSyncActionServiceGrpc.getProcessActionMethod()
                      .getFullMethodName()));
    }
  }

  @SuppressWarnings("try") // The workers only have to be there.
  @Override
  public List<Figure> measure() throws IOException, InterruptedException {
    List<Figure> figures = new ArrayList<>();
    try (CoordinatorChild coordinator = CoordinatorChild.start();
        Workers workers = Workers.connect(coordinator, STREAMS, 2, Duration.ZERO);
        Calls calls = new Calls(coordinator)) {
      calls.closedLoop(STREAMS, Duration.ZERO, JIT_WARM_UP);
      for (Target target : Target.of(coordinator)) {
        warmUp(target);
        for (Attack attack : kinds()) {
          CallResults quiet = calls.openLoop(CALLS, WARM_UP, LENGTH);
          figures.addAll(beside(target, attack, calls, quiet));
        }
      }
    }
    return figures;
  }

  private static List<Attack> kinds() {
    return Attacks.all().stream().filter(attack -> attack.name().contains(ONLY)).toList();
  }

  /** Code that only attacks reach is slow at first, as any. */
  private static void warmUp(Target target) throws IOException {
    for (int i = 0; i < 3; i++) {
      for (Attack attack : kinds()) {
        attack.run(target.port, target.path, LIMIT);
      }
    }
  }

  private static List<Figure> beside(Target target, Attack attack, Calls calls, CallResults quiet)
      throws IOException, InterruptedException {
    Attacker attacker = new Attacker(target, attack);
    Thread thread = Thread.ofPlatform().daemon().start(attacker);
    CallResults beside = calls.openLoop(CALLS, WARM_UP, LENGTH);
    attacker.stopped = true;
    thread.join();
    String name = "%s: %s: ".formatted(target.name, attack.name());
    double quietP99 = quiet.good().quantile(0.99);
    double p99 = beside.good().quantile(0.99) / quietP99;
    return List.of(
        Figure.of(name + "quiet p99", quietP99, "ms"),
        Figure.atMost(name + "p99", p99, "x quiet", 2),
        Figure.atLeast(name + "calls", beside.perSecond() / quiet.perSecond(), "x quiet", 0.8),
        Figure.atMost(name + "cut after", attacker.slowestMillis(), "ms", 1_000),
        Figure.atMost(name + "errors", beside.failures(), "calls", 0));
  }

  /** Comes again each second, as long as it is let. */
  private static final class Attacker implements Runnable {
    private static final long PERIOD_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final Target target;
    private final Attack attack;
    private volatile boolean stopped;
    private volatile Duration slowest = Duration.ZERO;
    private volatile @Nullable IOException failure;

    Attacker(Target target, Attack attack) {
      this.target = target;
      this.attack = attack;
    }

    @Override
    public void run() {
      try {
        while (!stopped) {
          long began = System.nanoTime();
          Attack.Result result = attack.run(target.port, target.path, LIMIT);
          slowest = result.after().compareTo(slowest) > 0 ? result.after() : slowest;
          LockSupport.parkNanos(began + PERIOD_NANOS - System.nanoTime());
        }
      } catch (IOException e) {
        failure = e;
      }
    }

    double slowestMillis() throws IOException {
      if (failure != null) {
        throw new IOException("no attack", failure);
      }
      return slowest.toMillis();
    }
  }
}
