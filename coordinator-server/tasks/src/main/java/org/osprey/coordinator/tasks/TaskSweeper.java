package org.osprey.coordinator.tasks;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.osprey.coordinator.core.Check;
import org.osprey.coordinator.core.Figures;
import org.osprey.coordinator.core.Measured;
import org.osprey.coordinator.core.Share;
import org.osprey.coordinator.core.Signal;
import org.osprey.coordinator.core.Supervised;
import org.osprey.coordinator.core.SupervisedLoop;
import org.osprey.coordinator.core.Ticker;
import org.osprey.coordinator.database.Database;
import org.osprey.coordinator.database.DatabaseException;

/**
 * Goes over the rows of all coordinators of a database: forgets what is old, counts what waits. For
 * each of that one coordinator is enough.
 */
final class TaskSweeper implements Supervised, Measured, AutoCloseable {
  static final String OLD_TASKS = "tasks-old";
  static final String OLD_KEYS = "tasks-keys";
  static final String DEAD_COORDINATORS = "tasks-coordinators";
  static final String PENDING_REQUESTS = "tasks-pending";

  private static final Duration STUCK_AFTER = Duration.ofSeconds(60);
  private static final Duration EVERY = Duration.ofSeconds(5);
  private static final Duration KEYS_KEPT = Duration.ofDays(2);
  private static final int MOST_PURGED = 500;

  /** Of one service: whoever has more has enough to know. */
  private static final int MOST_COUNTED = 10_000;

  private final TaskSettings settings;
  private final TaskTable tasks;
  private final RequestTable requests;
  private final Share share;
  private final Ticker ticker;
  private final SupervisedLoop loop;
  private final Signal closing = new Signal();

  /** Belongs to the loop. */
  private long due;

  /** By service; empty while others count. */
  private volatile Map<String, Integer> pending = Map.of();

  TaskSweeper(
      TaskSettings settings, TaskTable tasks, RequestTable requests, Share share, Ticker ticker) {
    this.settings = settings;
    this.tasks = tasks;
    this.requests = requests;
    this.share = share;
    this.ticker = ticker;
    due = ticker.nanos();
    loop = new SupervisedLoop("tasks-sweeper", ticker, STUCK_AFTER, this::step);
  }

  void start() {
    loop.start();
  }

  Check check() {
    return loop.check();
  }

  @Override
  public List<SupervisedLoop> loops() {
    return List.of(loop);
  }

  @Override
  public void tell(Figures figures) {
    pending.forEach(
        (service, count) ->
            figures.gauge(
                "task_requests_pending",
                "Requests that wait in the database, at most %d of them counted."
                    .formatted(MOST_COUNTED),
                count,
                "service",
                service));
  }

  @Override
  public void close() {
    closing.wake();
    loop.close();
  }

  private void step() throws InterruptedException {
    boolean more = false;
    try {
      if (due - ticker.nanos() <= 0) {
        due = ticker.nanos() + EVERY.toNanos();
        sweep();
      }
      more = purge();
    } catch (DatabaseException e) {
      // The database itself says what is wrong.
    }
    if (!more) {
      closing.await(Duration.ofNanos(due - ticker.nanos()));
    }
  }

  private void sweep() {
    pending = share.has(PENDING_REQUESTS) ? count() : Map.of();
    if (share.has(OLD_KEYS)) {
      Database.join(tasks.purgeKeys(KEYS_KEPT));
    }
    if (share.has(DEAD_COORDINATORS)) {
      Database.join(requests.forgetDead(settings.deadAfter()));
    }
  }

  /**
   * @return whether there may be more
   */
  private boolean purge() {
    return share.has(OLD_TASKS)
        && Database.join(tasks.purge(settings.retention(), MOST_PURGED)) == MOST_PURGED;
  }

  private Map<String, Integer> count() {
    Map<String, Integer> counted = new LinkedHashMap<>();
    for (ServiceSettings service : settings.services()) {
      counted.put(service.name(), requests.pending(service.name(), MOST_COUNTED));
    }
    return counted;
  }
}
