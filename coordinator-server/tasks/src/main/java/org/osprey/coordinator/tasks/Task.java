package org.osprey.coordinator.tasks;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A task as it is stored.
 *
 * @param id orders tasks of one moment
 * @param payload JSON, or null where it is too long to be listed
 * @param requests empty in lists
 * @param submittedBy the identity that did; null when it is not known
 */
public record Task(
    long id,
    String taskId,
    String name,
    String description,
    Status status,
    Instant createdAt,
    Instant updatedAt,
    Progress progress,
    @Nullable String payload,
    @Nullable String error,
    List<Request> requests,
    @Nullable String submittedBy) {

  /**
   * How far a task is, which lists tell without its requests.
   *
   * @param requests of the task
   * @param open those that have not ended
   * @param failed those that ended in vain
   */
  public record Progress(int requests, int open, int failed) {}

  /**
   * A call to a service.
   *
   * @param payload JSON, or null where it is left out
   * @param response JSON, or null
   */
  public record Request(
      long id,
      String taskId,
      String service,
      @Nullable String scenarioId,
      @Nullable String businessTypeId,
      Status status,
      int attempts,
      Instant createdAt,
      Instant updatedAt,
      @Nullable String payload,
      @Nullable String response,
      @Nullable String error) {}

  Task with(List<Request> requests) {
    return new Task(
        id,
        taskId,
        name,
        description,
        status,
        createdAt,
        updatedAt,
        progress,
        payload,
        error,
        List.copyOf(requests),
        submittedBy);
  }
}
