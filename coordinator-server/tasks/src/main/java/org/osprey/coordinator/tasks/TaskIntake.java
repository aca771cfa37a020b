package org.osprey.coordinator.tasks;

import com.google.errorprone.annotations.ThreadSafe;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.osprey.coordinator.core.Check;
import org.osprey.coordinator.core.DeadLetter;
import org.osprey.coordinator.core.DeadLetters;
import org.osprey.coordinator.core.Delivery;
import org.osprey.coordinator.core.Intake;
import org.osprey.coordinator.core.Outage;
import org.osprey.coordinator.core.Outcome;
import org.osprey.coordinator.core.Supervised;
import org.osprey.coordinator.core.SupervisedLoop;
import org.osprey.coordinator.core.Ticker;
import org.osprey.coordinator.database.DatabaseException;

/**
 * Where the messages of a topic land. The source hears that a message is finished when the database
 * has its task, or the dead letters have what is no task; while neither can be written, messages
 * wait here, and behind them in the topic.
 */
@ThreadSafe
final class TaskIntake implements Intake, Supervised, AutoCloseable {
  private static final String COMPONENT = "tasks intake";
  private static final Duration STUCK_AFTER = Duration.ofMinutes(3);
  private static final Duration LONGEST_WAIT = Duration.ofMillis(100);
  private static final Duration REST_IN_TROUBLE = Duration.ofSeconds(1);
  private static final Duration LAST_STEP = Duration.ofSeconds(2);
  private static final int PLACES = 1_000;
  private static final int BATCH = 100;

  @SuppressWarnings("ThreadSafe") // it is
  private final Tasks tasks;

  @SuppressWarnings("ThreadSafe") // safe by its contract
  private final DeadLetters deadLetters;

  private final Outage outage = new Outage(COMPONENT);
  private final SupervisedLoop loop;

  /** A permit for each further delivery that may be unfinished. */
  private final Semaphore places = new Semaphore(PLACES);

  private final BlockingQueue<Delivery> waiting = new LinkedBlockingQueue<>(PLACES);

  @SuppressWarnings("ThreadSafe") // belongs to the loop
  private final Queue<Delivery> batch = new ArrayDeque<>();

  /**
   * @param deadLetters for messages that are no tasks
   */
  TaskIntake(Tasks tasks, DeadLetters deadLetters, Ticker ticker) {
    this.tasks = tasks;
    this.deadLetters = deadLetters;
    loop = new SupervisedLoop("tasks-intake", ticker, STUCK_AFTER, this::step);
  }

  void start() {
    loop.start();
  }

  @Override
  public Admission offer(Delivery delivery) {
    if (loop.closing()) {
      return Admission.DRAINING;
    }
    if (!places.tryAcquire()) {
      return Admission.FULL;
    }
    waiting.add(delivery);
    return Admission.ACCEPTED;
  }

  @Override
  public BatchAdmission offer(List<Delivery> deliveries) {
    int accepted = 0;
    for (Delivery delivery : deliveries) {
      Admission admission = offer(delivery);
      if (admission != Admission.ACCEPTED) {
        return new BatchAdmission(accepted, admission);
      }
      accepted++;
    }
    return new BatchAdmission(accepted, Admission.ACCEPTED);
  }

  @Override
  public boolean awaitRoom(Duration atMost) throws InterruptedException {
    boolean room = places.tryAcquire(atMost.toNanos(), TimeUnit.NANOSECONDS);
    if (room) {
      places.release();
    }
    return room;
  }

  /** Never throws. */
  Check check() {
    String trouble = outage.trouble();
    if (trouble != null) {
      return Check.failed(COMPONENT, trouble);
    }
    Check running = loop.check();
    return running.healthy()
        ? Check.ok(COMPONENT, "unfinished=" + (PLACES - places.availablePermits()))
        : Check.failed(COMPONENT, running.detail());
  }

  @Override
  public List<SupervisedLoop> loops() {
    return List.of(loop);
  }

  /** What is unfinished comes again from the topic. */
  @Override
  public void close() {
    loop.close(LAST_STEP);
  }

  private void step() throws InterruptedException {
    if (batch.isEmpty()) {
      Delivery first = waiting.poll(LONGEST_WAIT.toNanos(), TimeUnit.NANOSECONDS);
      if (first == null) {
        return;
      }
      batch.add(first);
      waiting.drainTo(batch, BATCH - 1);
    }
    land();
    if (!batch.isEmpty()) {
      LockSupport.parkNanos(this, REST_IN_TROUBLE.toNanos());
    }
  }

  /** What cannot be written stays in the batch. */
  private void land() {
    List<Landing> landings = new ArrayList<>();
    for (Delivery delivery : batch) {
      landings.add(new Landing(delivery, land(delivery).toCompletableFuture()));
    }
    String trouble = null;
    for (Landing landing : landings) {
      try {
        landing.delivery().tell(landing.outcome().join());
        batch.remove(landing.delivery());
        places.release();
      } catch (CompletionException e) {
        trouble = "messages wait for the database or the dead letters: " + e.getCause();
      }
    }
    outage.report(trouble);
  }

  private record Landing(Delivery delivery, CompletableFuture<Outcome> outcome) {}

  private CompletionStage<Outcome> land(Delivery delivery) {
    TaskMessage message;
    try {
      message = TaskMessage.read(delivery, tasks.settings().services());
    } catch (TaskRequest.MalformedException e) {
      return bury(delivery, String.valueOf(e.getMessage()));
    }
    return tasks
        .consume(message.taskId(), message.request())
        .thenCompose(
            there ->
                there
                    ? CompletableFuture.<Outcome>completedFuture(Outcome.Acked.EMPTY)
                    : bury(delivery, message.problem()))
        .exceptionallyCompose(failure -> buryUnlessPassing(delivery, failure));
  }

  /** What the database refuses for what it holds would be refused for ever. */
  private CompletionStage<Outcome> buryUnlessPassing(Delivery delivery, Throwable failure) {
    Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
    return cause == null || cause instanceof DatabaseException
        ? CompletableFuture.failedStage(failure)
        : bury(delivery, "the database refuses it: " + cause.getClass().getSimpleName());
  }

  private CompletionStage<Outcome> bury(Delivery delivery, String problem) {
    DeadLetter.Undecoded content =
        new DeadLetter.Undecoded(
            null, delivery.action().payload(), Map.of(), delivery.action().timestamp());
    return deadLetters
        .put(DeadLetter.undecodable(delivery.source(), delivery.origin(), content, problem))
        .thenApply(nothing -> new Outcome.DeadLettered(DeadLetter.Reason.UNDECODABLE));
  }
}
