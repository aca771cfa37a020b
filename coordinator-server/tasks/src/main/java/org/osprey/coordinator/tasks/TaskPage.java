package org.osprey.coordinator.tasks;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.javalin.http.Context;
import java.net.URLEncoder;
import java.time.Instant;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.osprey.coordinator.http.ProblemException;
import org.osprey.coordinator.tasks.TaskTable.Filter;

/**
 * The part of the list of tasks that a request asks for.
 *
 * @param filter finds one task more than the page has, to tell whether there is a next one
 * @param limit tasks of the page
 */
record TaskPage(Filter filter, int limit) {
  private static final int DEFAULT_LIMIT = 100;
  private static final int MAX_LIMIT = 1000;
  private static final Pattern PLACE = Pattern.compile("([0-9]{1,15})-([0-9]{1,18})");

  /**
   * @throws ProblemException naming the parameter that is wrong
   */
  static TaskPage of(Context context) {
    int limit = limit(context.queryParam("limit"));
    String after = context.queryParam("after");
    Matcher place = PLACE.matcher(after == null ? "" : after);
    if (after != null && !place.matches()) {
      throw ProblemException.badRequest("after: want it as a Link header gives it");
    }
    Filter filter =
        new Filter(
            status(context.queryParam("status")),
            name(context.queryParam("task_name")),
            after == null ? null : Instant.ofEpochMilli(Long.parseLong(place.group(1))),
            after == null ? 0 : Long.parseLong(place.group(2)),
            limit + 1);
    return new TaskPage(filter, limit);
  }

  List<Task> of(List<Task> found) {
    return found.subList(0, Math.min(limit, found.size()));
  }

  /** The address of the next page, or null when there is none. */
  @Nullable String next(List<Task> found) {
    if (found.size() <= limit) {
      return null;
    }
    Task last = found.get(limit - 1);
    StringBuilder next =
        new StringBuilder(
            "/api/tasks?limit=%d&after=%d-%d"
                .formatted(limit, last.createdAt().toEpochMilli(), last.id()));
    if (filter.status() != null) {
      next.append("&status=").append(filter.status());
    }
    if (filter.name() != null) {
      next.append("&task_name=").append(URLEncoder.encode(filter.name(), UTF_8));
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

  private static @Nullable String name(@Nullable String text) {
    if (text != null && text.indexOf(0) >= 0) {
      throw ProblemException.badRequest("task_name: has a NUL character, want text without");
    }
    return text;
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
}
