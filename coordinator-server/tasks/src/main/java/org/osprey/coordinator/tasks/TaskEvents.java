package org.osprey.coordinator.tasks;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.errorprone.annotations.ThreadSafe;
import io.javalin.http.Context;
import io.javalin.http.HttpStatus;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;
import org.osprey.coordinator.database.DatabaseException;
import org.osprey.coordinator.http.EventStream;
import org.osprey.coordinator.http.Json;
import org.osprey.coordinator.http.ProblemException;
import org.osprey.coordinator.tasks.TaskViews.TaskView;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Shows tasks as they change, as server-sent events. The thread of each request looks at its task
 * and writes, so that one who does not read holds one event and keeps nobody else waiting.
 */
@ThreadSafe
final class TaskEvents {
  private static final Logger log = LoggerFactory.getLogger(TaskEvents.class);
  private static final int RETRY_SECONDS = 5;

  /** Changes that end the task show at once, if they happen here. */
  private static final Duration LOOK_AGAIN = Duration.ofMillis(500);

  @SuppressWarnings("ThreadSafe") // it is
  private final Tasks tasks;

  @SuppressWarnings("ThreadSafe") // it never changes
  private final Redaction redaction;

  private final int most;
  private final Semaphore room;

  /**
   * @param most how many may watch at a time
   */
  TaskEvents(Tasks tasks, Redaction redaction, int most) {
    this.tasks = tasks;
    this.redaction = redaction;
    this.most = most;
    room = new Semaphore(most);
  }

  /**
   * Returns when the task has ended, or the client has gone.
   *
   * @param task as it is now
   * @throws ProblemException when too many watch
   */
  void show(Context context, Task task) throws InterruptedException {
    if (!room.tryAcquire()) {
      throw new ProblemException(
          HttpStatus.SERVICE_UNAVAILABLE,
          "%d watch already: http.maxWatchers".formatted(most),
          RETRY_SECONDS);
    }
    try {
      EventStream events = new EventStream(context);
      events.begin();
      follow(task, events);
    } catch (IOException e) {
      // It went away, which is how many of them end.
    } catch (DatabaseException e) {
      // The answer has begun; the client comes again, and is told then.
      log.info("no more events of a task: task_id={} cause=\"{}\"", task.taskId(), e.getMessage());
    } finally {
      room.release();
    }
  }

  private void follow(Task first, EventStream events) throws IOException, InterruptedException {
    Task shown = null;
    long sent = System.nanoTime();
    @Nullable Task now = first;
    while (now != null) {
      if (!now.equals(shown)) {
        events.send(event(now));
        sent = System.nanoTime();
        shown = now;
      } else if (System.nanoTime() - sent > EventStream.HEARTBEAT.toNanos()) {
        events.heartbeat();
        sent = System.nanoTime();
      }
      if (now.status().ended()) {
        return;
      }
      tasks.awaitEnd(now.taskId(), LOOK_AGAIN);
      now = tasks.progress(now.taskId());
    }
  }

  private byte[] event(Task task) {
    String data = Json.MAPPER.writeValueAsString(TaskView.of(task, redaction));
    return "event: task\ndata: %s\n\n".formatted(data).getBytes(UTF_8);
  }
}
