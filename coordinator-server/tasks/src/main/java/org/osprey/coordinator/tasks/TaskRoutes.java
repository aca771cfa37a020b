package org.osprey.coordinator.tasks;

import io.javalin.http.Context;
import io.javalin.http.Handler;
import io.javalin.http.Header;
import io.javalin.http.HttpStatus;
import io.javalin.router.JavalinDefaultRoutingApi;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.osprey.coordinator.database.Database;
import org.osprey.coordinator.database.DatabaseException;
import org.osprey.coordinator.http.Caller;
import org.osprey.coordinator.http.HttpRoutes;
import org.osprey.coordinator.http.Need;
import org.osprey.coordinator.http.ProblemException;
import org.osprey.coordinator.tasks.TaskViews.Accepted;
import org.osprey.coordinator.tasks.TaskViews.Results;
import org.osprey.coordinator.tasks.TaskViews.TaskView;
import org.osprey.coordinator.tasks.Tasks.Submitted;

/** Tasks over HTTP. */
public final class TaskRoutes implements HttpRoutes {
  private static final String ACCEPTED = "Task accepted for processing";
  private static final int RETRY_SECONDS = 1;
  private static final Duration LONGEST_WAIT = Duration.ofMinutes(5);
  private static final Pattern WAIT = Pattern.compile("([0-9]{1,6})(ms|s|m)");

  private static final String EVENTS = "text/event-stream";

  private final Tasks tasks;
  private final Redaction redaction;
  private final TaskEvents events;

  /**
   * @param mostWatchers how many may have tasks shown as they change, at a time
   */
  public TaskRoutes(Tasks tasks, int mostWatchers) {
    this.tasks = tasks;
    redaction = new Redaction(tasks.settings().hidden());
    events = new TaskEvents(tasks, redaction, mostWatchers);
  }

  @Override
  public void addTo(JavalinDefaultRoutingApi routes) {
    routes.post("/api/orchestrate", stored(this::orchestrate), Need.SUBMITTER);
    routes.post("/api/orchestrate/direct", stored(this::direct), Need.SUBMITTER);
    routes.get("/api/tasks", stored(this::list), Need.VIEWER);
    routes.get("/api/tasks/{task_id}", stored(this::show), Need.VIEWER, Need.SUBMITTER);
    routes.post("/api/tasks/{task_id}/cancel", stored(this::cancel), Need.OPERATOR);
    routes.post("/api/tasks/{task_id}/retry", stored(this::retry), Need.OPERATOR);
  }

  /** Says when the database is what keeps a request from being served. */
  private static Handler stored(Handler handler) {
    return context -> {
      try {
        handler.handle(context);
      } catch (DatabaseException e) {
        throw new ProblemException(
            HttpStatus.SERVICE_UNAVAILABLE, "database: " + e.getMessage(), RETRY_SECONDS);
      }
    };
  }

  @Override
  public List<String> views() {
    return List.of("tasks");
  }

  private void orchestrate(Context context) {
    String taskId = submit(context, tasks.way()).taskId();
    boolean async =
        String.valueOf(context.header("Prefer")).toLowerCase(Locale.ROOT).contains("respond-async");
    context
        .status(async ? HttpStatus.ACCEPTED : HttpStatus.OK)
        .header(Header.LOCATION, "/api/tasks/" + taskId)
        .json(new Accepted(taskId, "accepted", ACCEPTED));
  }

  private void direct(Context context) throws InterruptedException {
    Submitted submitted = submit(context, Way.DATABASE);
    String taskId = submitted.taskId();
    // Who sends it again while it is under way must not wait a second time.
    Duration wait = submitted.replayed() ? Duration.ZERO : tasks.settings().directTimeout();
    Task task = tasks.await(taskId, wait);
    if (task == null) {
      throw ProblemException.notFound("task_id: " + taskId + " was deleted meanwhile");
    }
    if (submitted.replayed() && !task.status().ended()) {
      throw ProblemException.conflict("Idempotency-Key: its request is outstanding");
    }
    context.header(Header.LOCATION, "/api/tasks/" + taskId).json(Results.of(task, redaction));
  }

  private void list(Context context) {
    TaskPage page = TaskPage.of(context);
    List<Task> found = tasks.list(page.filter());
    String next = page.next(found);
    if (next != null) {
      context.header("Link", "<" + next + ">; rel=\"next\"");
    }
    context.json(page.of(found).stream().map(task -> TaskView.of(task, redaction)).toList());
  }

  private void show(Context context) throws InterruptedException {
    String taskId = taskId(context);
    if (String.valueOf(context.header(Header.ACCEPT)).contains(EVENTS)) {
      watch(context, taskId);
      return;
    }
    Duration wait = wait(context.queryParam("wait"));
    Task task = shown(context, tasks.find(taskId));
    if (wait != null && !task.status().ended()) {
      task = shown(context, tasks.await(taskId, wait));
    }
    context.json(TaskView.of(task, redaction));
  }

  /** Who may not look at everything sees what is his own, and learns nothing of the rest. */
  private static Task shown(Context context, @Nullable Task task) {
    if (task == null || !Caller.of(context).maySee(task.submittedBy())) {
      throw unknown();
    }
    return task;
  }

  private void watch(Context context, String taskId) throws InterruptedException {
    events.show(context, shown(context, tasks.progress(taskId)));
  }

  private void cancel(Context context) {
    String taskId = taskId(context);
    if (!Database.join(tasks.cancel(taskId))) {
      throw refused(taskId, "it has ended, want one that is PENDING or IN_PROGRESS");
    }
    show(context, taskId);
  }

  private void retry(Context context) {
    String taskId = taskId(context);
    if (!Database.join(tasks.retry(taskId))) {
      throw refused(taskId, "want one that is FAILED or CANCELLED");
    }
    show(context, taskId);
  }

  private void show(Context context, String taskId) {
    Task task = tasks.find(taskId);
    if (task == null) {
      throw unknown();
    }
    context.json(TaskView.of(task, redaction));
  }

  private ProblemException refused(String taskId, String why) {
    Task task = tasks.find(taskId);
    return task == null
        ? unknown()
        : ProblemException.conflict("task_id: is " + task.status() + ", " + why);
  }

  private static String taskId(Context context) {
    String taskId = context.pathParam("task_id");
    if (taskId.indexOf(0) >= 0) {
      // PostgreSQL cannot even be asked for it.
      throw unknown();
    }
    return taskId;
  }

  private static ProblemException unknown() {
    return ProblemException.notFound("task_id: there is no such task");
  }

  private Submitted submit(Context context, Way way) {
    TaskRequest request = read(context);
    String header = context.header("Idempotency-Key");
    if (header == null) {
      return new Submitted(Database.join(tasks.submit(request, way)), false);
    }
    Submitted submitted = Database.join(tasks.submit(request, way, key(context, header)));
    if (submitted == null) {
      throw new ProblemException(
          HttpStatus.UNPROCESSABLE_CONTENT, "Idempotency-Key: already used with another request");
    }
    if (submitted.replayed()) {
      context.header("Idempotent-Replayed", "true");
    }
    return submitted;
  }

  private static IdempotencyKey key(Context context, String header) {
    try {
      Caller caller = Caller.of(context);
      String identity = caller.isAnonymous() ? "" : caller.name();
      return IdempotencyKey.of(identity, header, context.path(), context.bodyAsBytes());
    } catch (IllegalArgumentException e) {
      throw ProblemException.badRequest(String.valueOf(e.getMessage()));
    }
  }

  private TaskRequest read(Context context) {
    String type = context.contentType();
    if (type == null || !type.toLowerCase(Locale.ROOT).startsWith("application/json")) {
      throw new ProblemException(
          HttpStatus.UNSUPPORTED_MEDIA_TYPE, "Content-Type: want application/json");
    }
    try {
      return TaskRequest.read(context.bodyAsBytes(), tasks.settings().services())
          .by(Caller.of(context).name());
    } catch (TaskRequest.MalformedException e) {
      throw new ProblemException(HttpStatus.UNPROCESSABLE_CONTENT, String.valueOf(e.getMessage()));
    }
  }

  private static @Nullable Duration wait(@Nullable String text) {
    if (text == null) {
      return null;
    }
    Matcher matcher = WAIT.matcher(text);
    if (!matcher.matches()) {
      throw ProblemException.badRequest("wait: want a duration such as 500ms or 30s");
    }
    long number = Long.parseLong(matcher.group(1));
    Duration wait =
        switch (matcher.group(2)) {
          case "ms" -> Duration.ofMillis(number);
          case "s" -> Duration.ofSeconds(number);
          default -> Duration.ofMinutes(number);
        };
    if (wait.compareTo(LONGEST_WAIT) > 0) {
      throw ProblemException.badRequest("wait: want at most 5m");
    }
    return wait;
  }
}
