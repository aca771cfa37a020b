package org.osprey.coordinator.tasks;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonInclude.Include;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.util.RawValue;

/** The schemas of the API, with the names the seed of this module gave them. */
final class TaskViews {
  private TaskViews() {}

  record Accepted(String taskId, String status, String message) {}

  /** Every field is always there: those who read it know the columns. */
  @JsonInclude(Include.ALWAYS)
  record TaskView(
      long id,
      String taskId,
      String taskName,
      String taskDescription,
      String status,
      Instant createdAt,
      Instant updatedAt,
      Task.Progress progress,
      @Nullable RawValue payload,
      @Nullable String errorMessage,
      List<RequestView> serviceRequests) {

    static TaskView of(Task task) {
      return new TaskView(
          task.id(),
          task.taskId(),
          task.name(),
          task.description(),
          task.status().name(),
          task.createdAt(),
          task.updatedAt(),
          task.progress(),
          raw(task.payload()),
          task.error(),
          task.requests().stream().map(RequestView::of).toList());
    }
  }

  @JsonInclude(Include.ALWAYS)
  record RequestView(
      long id,
      String taskId,
      String serviceName,
      @Nullable String scenarioId,
      @Nullable String businessTypeId,
      String status,
      int attempts,
      Instant createdAt,
      Instant updatedAt,
      @Nullable RawValue requestPayload,
      @Nullable RawValue responsePayload,
      @Nullable String errorMessage) {

    static RequestView of(Task.Request request) {
      return new RequestView(
          request.id(),
          request.taskId(),
          request.service(),
          request.scenarioId(),
          request.businessTypeId(),
          request.status().name(),
          request.attempts(),
          request.createdAt(),
          request.updatedAt(),
          raw(request.payload()),
          raw(request.response()),
          request.error());
    }
  }

  /** Of a caller who waited for the results. */
  record Results(
      String taskId, String status, Map<String, RawValue> results, Map<String, String> errors) {

    static Results of(Task task) {
      Map<String, RawValue> results = new LinkedHashMap<>();
      Map<String, String> errors = new LinkedHashMap<>();
      for (Task.Request request : task.requests()) {
        if (request.response() != null) {
          results.put(request.service(), new RawValue(request.response()));
        } else {
          String error = request.error();
          errors.put(request.service(), error == null ? "not finished in time" : error);
        }
      }
      String status =
          errors.isEmpty() ? "success" : results.isEmpty() ? "failure" : "partial_success";
      return new Results(task.taskId(), status, results, errors);
    }
  }

  private static @Nullable RawValue raw(@Nullable String json) {
    return json == null ? null : new RawValue(json);
  }
}
