package org.osprey.coordinator.tasks;

import io.javalin.http.Context;
import io.javalin.http.Header;
import io.javalin.http.HttpStatus;
import io.javalin.router.JavalinDefaultRoutingApi;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.osprey.coordinator.database.DatabaseException;
import org.osprey.coordinator.http.HttpRoutes;
import org.osprey.coordinator.http.ProblemException;
import org.osprey.coordinator.tasks.TaskTable.Filter;
import org.osprey.coordinator.tasks.TaskViews.Accepted;
import org.osprey.coordinator.tasks.TaskViews.Results;
import org.osprey.coordinator.tasks.TaskViews.TaskView;
import org.osprey.coordinator.tasks.Tasks.Submitted;

/** Tasks over HTTP. */
public final class TaskRoutes implements HttpRoutes {
  private static final String ACCEPTED = "Task accepted for processing";
  private static final int DEFAULT_LIMIT = 100;
  private static final int MAX_LIMIT = 1000;
  private static final Duration LONGEST_WAIT = Duration.ofMinutes(5);
  private static final Pattern PLACE = Pattern.compile("([0-9]{1,15})-([0-9]{1,18})");
  private static final Pattern WAIT = Pattern.compile("([0-9]{1,6})(ms|s|m)");

  private final Tasks tasks;

  public TaskRoutes(Tasks tasks) {
    this.tasks = tasks;
  }

  @Override
  public void addTo(JavalinDefaultRoutingApi routes) {
    routes.post("/api/orchestrate", this::orchestrate);
    routes.post("/api/orchestrate/direct", this::direct);
    routes.get("/api/tasks", this::list);
    routes.get("/api/tasks/{task_id}", this::show);
    routes.post("/api/tasks/{task_id}/cancel", this::cancel);
    routes.post("/api/tasks/{task_id}/retry", this::retry);
  }

  @Override
  public List<String> views() {
    return List.of("tasks");
  }

  private void orchestrate(Context context) {
    String taskId = submit(context).taskId();
    boolean async =
        String.valueOf(context.header("Prefer")).toLowerCase(Locale.ROOT).contains("respond-async");
    context
        .status(async ? HttpStatus.ACCEPTED : HttpStatus.OK)
        .header(Header.LOCATION, "/api/tasks/" + taskId)
        .json(new Accepted(taskId, "accepted", ACCEPTED));
  }

  private void direct(Context context) throws InterruptedException {
    Submitted submitted = submit(context);
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
    context.header(Header.LOCATION, "/api/tasks/" + taskId).json(Results.of(task));
  }

  private void list(Context context) {
    int limit = limit(context.queryParam("limit"));
    String after = context.queryParam("after");
    Matcher place = PLACE.matcher(after == null ? "" : after);
    if (after != null && !place.matches()) {
      throw ProblemException.badRequest("after: want it as a Link header gives it");
    }
    Filter filter =
        new Filter(
            status(context.queryParam("status")),
            context.queryParam("task_name"),
            after == null ? null : Instant.ofEpochMilli(Long.parseLong(place.group(1))),
            after == null ? 0 : Long.parseLong(place.group(2)),
            limit + 1);
    List<Task> found = tasks.list(filter);
    List<Task> page = found.subList(0, Math.min(limit, found.size()));
    if (found.size() > limit) {
      context.header("Link", "<" + next(filter, page.getLast(), limit) + ">; rel=\"next\"");
    }
    context.json(page.stream().map(TaskView::of).toList());
  }

  private void show(Context context) throws InterruptedException {
    String taskId = context.pathParam("task_id");
    Duration wait = wait(context.queryParam("wait"));
    Task task = wait == null ? tasks.find(taskId) : tasks.await(taskId, wait);
    if (task == null) {
      throw unknown();
    }
    context.json(TaskView.of(task));
  }

  private void cancel(Context context) {
    String taskId = context.pathParam("task_id");
    if (!stored(tasks.cancel(taskId))) {
      throw refused(taskId, "it has ended, want one that is PENDING or IN_PROGRESS");
    }
    show(context, taskId);
  }

  private void retry(Context context) {
    String taskId = context.pathParam("task_id");
    if (!stored(tasks.retry(taskId))) {
      throw refused(taskId, "want one that is FAILED or CANCELLED");
    }
    show(context, taskId);
  }

  private void show(Context context, String taskId) {
    Task task = tasks.find(taskId);
    if (task == null) {
      throw unknown();
    }
    context.json(TaskView.of(task));
  }

  private ProblemException refused(String taskId, String why) {
    Task task = tasks.find(taskId);
    return task == null
        ? unknown()
        : ProblemException.conflict("task_id: is " + task.status() + ", " + why);
  }

  private static ProblemException unknown() {
    return ProblemException.notFound("task_id: there is no such task");
  }

  private Submitted submit(Context context) {
    TaskRequest request = read(context);
    String header = context.header("Idempotency-Key");
    if (header == null) {
      return new Submitted(stored(tasks.submit(request)), false);
    }
    Submitted submitted = stored(tasks.submit(request, key(context, header)));
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
      return IdempotencyKey.of(header, context.path(), context.bodyAsBytes());
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
      return TaskRequest.read(context.bodyAsBytes(), tasks.settings().services());
    } catch (TaskRequest.MalformedException e) {
      throw new ProblemException(HttpStatus.UNPROCESSABLE_CONTENT, String.valueOf(e.getMessage()));
    }
  }

  private static String next(Filter filter, Task last, int limit) {
    StringBuilder next =
        new StringBuilder(
            "/api/tasks?limit=%d&after=%d-%d"
                .formatted(limit, last.createdAt().toEpochMilli(), last.id()));
    if (filter.status() != null) {
      next.append("&status=").append(filter.status());
    }
    if (filter.name() != null) {
      next.append("&task_name=").append(URLEncoder.encode(filter.name(), StandardCharsets.UTF_8));
    }
    return next.toString();
  }

  private static @Nullable Status status(@Nullable String text) {
    if (text == null) {
      return null;
    }
    for (Status status : Status.values()) {
      if (status.name().equalsIgnoreCase(text)) {
        return status;
      }
    }
    throw ProblemException.badRequest("status: want one of " + List.of(Status.values()));
  }

  private static int limit(@Nullable String text) {
    if (text == null) {
      return DEFAULT_LIMIT;
    }
    int limit = text.matches("[0-9]{1,4}") ? Integer.parseInt(text) : 0;
    if (limit < 1 || limit > MAX_LIMIT) {
      throw ProblemException.badRequest("limit: want a whole number from 1 to " + MAX_LIMIT);
    }
    return limit;
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

  /** What was written, or the problem that kept it from being written. */
  private static <T extends @Nullable Object> T stored(CompletionStage<T> stage) {
    try {
      return stage.toCompletableFuture().join();
    } catch (CompletionException e) {
      if (e.getCause() instanceof DatabaseException cause) {
        throw new ProblemException(
            HttpStatus.SERVICE_UNAVAILABLE, "database: " + cause.getMessage(), 1);
      }
      throw e;
    }
  }
}
