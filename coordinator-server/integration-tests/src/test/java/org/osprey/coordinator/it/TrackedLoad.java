package org.osprey.coordinator.it;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.osprey.coordinator.tasks.samples.SampleService;
import org.osprey.coordinator.tasks.samples.SampleServices;

/**
 * Callers that submit tasks and actions to a coordinator through whatever happens to its database,
 * the services and the worker that carry them out, and what all of them know: the truth.
 */
final class TrackedLoad implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofMinutes(4);
  private static final int TASK_CALLERS = 4;
  private static final int ACTION_CALLERS = 2;

  /** Between the tasks of a caller. */
  private static final Duration PAUSE = Duration.ofMillis(20);

  /** What a request of a task that ended well is not. */
  private static final String UNEXPECTED_REQUESTS =
      """
      select id from service_requests
      where status <> 'COMPLETED' or response_payload is null or owner is not null
      """;

  private final SampleServices services;
  private final TrackedRows rows;
  private final TcpProxy toWorkers;
  private final CountingWorker worker;
  private final TaskClient tasks;
  private final Submitter actions;
  private final ExecutorService callers = Executors.newFixedThreadPool(TASK_CALLERS);
  private final List<Future<?>> calls = new ArrayList<>();
  private final AtomicInteger numbers = new AtomicInteger();
  private volatile CoordinatorProcess coordinator;
  private volatile boolean stopping;

  /**
   * @param first closed with this, or whoever has come after it
   */
  TrackedLoad(CoordinatorProcess first, SampleServices services, TrackedRows rows) {
    coordinator = first;
    this.services = services;
    this.rows = rows;
    toWorkers = TcpProxy.to(first.workerPort());
    worker = CountingWorker.start(toWorkers.target(), 16);
    tasks = new TaskClient(() -> coordinator.httpPort());
    actions = new Submitter(() -> coordinator.httpPort()).start(ACTION_CALLERS);
    for (int i = 0; i < TASK_CALLERS; i++) {
      calls.add(callers.submit(this::submitTasks));
    }
  }

  CoordinatorProcess coordinator() {
    return coordinator;
  }

  TrackedRows rows() {
    return rows;
  }

  /** From now on it is this one. */
  void goOnWith(CoordinatorProcess next) {
    coordinator = next;
    toWorkers.redirect(next.workerPort());
  }

  /** Until so many more tasks, and so many more actions, are accepted. */
  void awaitMore(int more) {
    int enoughTasks = tasks.accepted().size() + more;
    int enoughActions = actions.accepted().size() + more;
    await()
        .atMost(PATIENCE)
        .until(
            () ->
                tasks.accepted().size() >= enoughTasks
                    && actions.accepted().size() >= enoughActions);
  }

  /** Requests for tasks that were made again, because they were refused or had no answer. */
  long refused() {
    return tasks.unanswered();
  }

  /** Whatever was accepted is stored, or was handled and is not stored any more. */
  void assertKnown() {
    Set<String> unknownTasks = new HashSet<>(tasks.accepted());
    unknownTasks.removeAll(rows.strings("select task_id from tasks"));
    Set<Long> unknownActions = new HashSet<>(actions.accepted());
    // The rows first: what has none any more was handled before.
    unknownActions.removeAll(rows.numbers("select action_id from submissions"));
    assertEquals(Set.of(), unknownTasks);
    assertEquals(Set.of(), worker.missing(unknownActions));
  }

  /** Tasks that somebody may have been told have ended well. */
  Set<String> ended() {
    return rows.strings("select task_id from tasks where status = 'COMPLETED'");
  }

  /** Stops when all is accepted, waits for the ends of all, and compares what is stored. */
  void finish() throws Exception {
    stopping = true;
    for (Future<?> call : calls) {
      call.get();
    }
    actions.stop();
    await().atMost(PATIENCE).until(() -> ended().size() == tasks.accepted().size());
    await().atMost(PATIENCE).until(() -> rows.strings("select id from submissions").isEmpty());
    assertTrue(coordinator.isAlive(), coordinator::log);
    assertKnown();
    assertEquals(tasks.accepted(), ended());
    assertEquals(tasks.accepted(), rows.strings("select task_id from tasks"));
    assertEquals(Set.of(), rows.strings(UNEXPECTED_REQUESTS));
    for (SampleService service : services.list()) {
      assertEquals(tasks.accepted().size(), service.effects());
    }
    assertEquals(0, worker.nacked());
  }

  /** After {@link #finish}. */
  void report(String fault) {
    System.out.printf(
        "R25 fault=%s accepted_tasks=%d accepted_actions=%d unknown=0 lost=0 refused=%d"
            + " unanswered=%d calls_again=%d actions_again=%d%n",
        fault,
        tasks.accepted().size(),
        actions.accepted().size(),
        tasks.unanswered(),
        actions.interrupted(),
        services.list().stream().mapToLong(each -> each.calls() - each.effects()).sum(),
        worker.duplicates());
  }

  @Override
  public void close() {
    stopping = true;
    callers.shutdownNow();
    actions.close();
    tasks.close();
    worker.close();
    toWorkers.close();
    coordinator.close();
  }

  private void submitTasks() {
    while (!stopping) {
      tasks.submit(numbers.getAndIncrement());
      LockSupport.parkNanos(PAUSE.toNanos());
    }
  }
}
