package org.osprey.coordinator.streams;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.errorprone.annotations.ThreadSafe;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.random.RandomGenerator;
import org.osprey.coordinator.core.Action;
import org.osprey.coordinator.core.Backoff;
import org.osprey.coordinator.core.Figures;
import org.osprey.coordinator.core.Measured;
import org.osprey.coordinator.core.Outage;
import org.osprey.coordinator.core.RootMessage;
import org.osprey.coordinator.core.Signal;
import org.osprey.coordinator.core.Submissions;
import org.osprey.coordinator.core.Submissions.RefusedException;
import org.osprey.coordinator.core.Submissions.RefusedException.Reason;
import org.osprey.coordinator.core.Supervised;
import org.osprey.coordinator.core.SupervisedLoop;
import org.osprey.coordinator.core.Ticker;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Submits the actions of scenes beside the clock, which never waits for them: while there is no
 * room they wait here, and beyond that they are dropped and counted.
 */
@ThreadSafe
final class SceneActions implements Supervised, Measured, AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(SceneActions.class);
  private static final int MOST_WAITING = 10_000;
  private static final int MOST_AT_ONCE = 256;
  private static final Duration REST = Duration.ofSeconds(1);
  private static final Duration LONGEST_BACKOFF = Duration.ofSeconds(5);
  private static final Duration STUCK_AFTER = Duration.ofMinutes(3);

  private final Submissions submissions;
  private final InstantSource clock;

  @SuppressWarnings("ThreadSafe") // belongs to the loop
  private final Backoff backoff;

  private final BlockingQueue<Action> waiting = new ArrayBlockingQueue<>(MOST_WAITING);
  private final SupervisedLoop loop;
  private final Outage outage = new Outage("scene actions");
  private final Signal closing = new Signal();
  private final AtomicLong submitted = new AtomicLong();
  private final AtomicLong dropped = new AtomicLong();
  private final AtomicLong retried = new AtomicLong();

  /** What could not be submitted and comes first next time; belongs to the loop. */
  @SuppressWarnings("ThreadSafe")
  private List<Action> again = List.of();

  SceneActions(
      Submissions submissions, Ticker ticker, InstantSource clock, RandomGenerator random) {
    this.submissions = submissions;
    this.clock = clock;
    backoff = new Backoff(Duration.ofMillis(100), LONGEST_BACKOFF, random::nextDouble);
    loop = new SupervisedLoop("streams-actions", ticker, STUCK_AFTER, this::step);
  }

  void start() {
    loop.start();
  }

  /** Never blocks. */
  void offer(Scene.SceneAction action, long id) {
    Action made =
        new Action(
            id,
            action.name(),
            Action.Encoding.JSON,
            action.dataJson().getBytes(UTF_8),
            null,
            clock.instant());
    if (!waiting.offer(made)) {
      dropped.incrementAndGet();
    }
  }

  private void step() throws InterruptedException {
    if (again.isEmpty() && waiting.isEmpty()) {
      Action first = waiting.poll(REST.toMillis(), TimeUnit.MILLISECONDS);
      again = first == null ? List.of() : List.of(first);
    }
    if (!submit()) {
      closing.await(backoff.next());
    }
  }

  /**
   * Submits what waits now.
   *
   * @return false when some of it has to be tried again
   */
  boolean submit() {
    List<Action> batch = batch();
    List<Action> failed = new ArrayList<>();
    List<CompletionStage<Void>> stages = batch.stream().map(submissions::submit).toList();
    for (int i = 0; i < batch.size(); i++) {
      settle(batch.get(i), stages.get(i), failed);
    }
    again = failed;
    if (failed.isEmpty()) {
      outage.report(null);
      backoff.reset();
    }
    retried.addAndGet(failed.size());
    return failed.isEmpty();
  }

  private List<Action> batch() {
    List<Action> batch = new ArrayList<>(again);
    waiting.drainTo(batch, MOST_AT_ONCE - batch.size());
    return batch;
  }

  private void settle(Action action, CompletionStage<Void> stage, List<Action> failed) {
    try {
      stage.toCompletableFuture().join();
      submitted.incrementAndGet();
    } catch (CompletionException e) {
      if (e.getCause() instanceof RefusedException refused
          && refused.reason() == Reason.TOO_LARGE) {
        dropped.incrementAndGet();
        log.warn("action of a scene dropped: {} cause=\"{}\"", action, refused.getMessage());
        return;
      }
      outage.report("actions of scenes wait: " + RootMessage.of(e));
      failed.add(action);
    }
  }

  @Override
  public List<SupervisedLoop> loops() {
    return List.of(loop);
  }

  @Override
  public void tell(Figures figures) {
    figures.gauge("streams_actions_waiting", "Actions of scenes that wait.", waiting.size());
    figures.counter(
        "streams_actions_submitted", "Actions of scenes that are stored.", submitted.get());
    figures.counter("streams_actions_retried", "Actions of scenes tried again.", retried.get());
    figures.counter(
        "streams_actions_dropped", "Actions of scenes with no place to wait.", dropped.get());
  }

  @Override
  public void close() {
    closing.wake();
    loop.close();
  }
}
