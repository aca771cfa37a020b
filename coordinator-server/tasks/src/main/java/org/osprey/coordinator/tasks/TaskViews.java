package org.osprey.coordinator.tasks;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonInclude.Include;
import java.time.Instant;
import java.util.ArrayList;
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

    static TaskView of(Task task, Redaction redaction) {
      return new TaskView(
          task.id(),
          task.taskId(),
          task.name(),
          task.description(),
          task.status().name(),
          task.createdAt(),
          task.updatedAt(),
          task.progress(),
          raw(redaction.json(task.payload())),
          redaction.text(task.error()),
          task.requests().stream().map(request -> RequestView.of(request, redaction)).toList());
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

    static RequestView of(Task.Request request, Redaction redaction) {
      return new RequestView(
          request.id(),
          request.taskId(),
          request.service(),
          redaction.value(TaskRequest.SCENARIO, request.scenarioId()),
          redaction.value(TaskRequest.BUSINESS_TYPE, request.businessTypeId()),
          request.status().name(),
          request.attempts(),
          request.createdAt(),
          request.updatedAt(),
          raw(redaction.json(request.payload())),
          raw(redaction.json(request.response())),
          redaction.text(request.error()));
    }
  }

  /** Of a caller who waited for the results. */
  record Results(
      String taskId, String status, Map<String, RawValue> results, Map<String, String> errors) {

    static Results of(Task task, Redaction redaction) {
      Map<String, List<Task.Request>> byService = new LinkedHashMap<>();
      for (Task.Request request : task.requests()) {
        byService.computeIfAbsent(request.service(), name -> new ArrayList<>()).add(request);
      }
      Map<String, RawValue> results = new LinkedHashMap<>();
      Map<String, String> errors = new LinkedHashMap<>();
      byService.forEach(
          (service, requests) -> {
            if (requests.stream().anyMatch(request -> request.response() != null)) {
              results.put(service, new RawValue(answers(requests, redaction)));
            }
            requests.stream()
                .filter(request -> request.response() == null)
                .findFirst()
                .ifPresent(request -> errors.put(service, error(request, redaction)));
          });
      String status =
          errors.isEmpty() ? "success" : results.isEmpty() ? "failure" : "partial_success";
      return new Results(task.taskId(), status, results, errors);
    }

    /** That of the one call, or the answers of all in an array, null for those without. */
    private static String answers(List<Task.Request> requests, Redaction redaction) {
      List<String> answers =
          requests.stream()
              .map(request -> String.valueOf(redaction.json(request.response())))
              .toList();
      return answers.size() == 1 ? answers.getFirst() : answers.toString();
    }

    private static String error(Task.Request request, Redaction redaction) {
      String error = redaction.text(request.error());
      return error == null ? "not finished in time" : error;
    }
  }

  private static @Nullable RawValue raw(@Nullable String json) {
    return json == null ? null : new RawValue(json);
  }
}
