package org.osprey.coordinator.tasks;

import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.osprey.coordinator.core.Delivery;
import org.osprey.coordinator.http.Json;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.util.RawValue;

/**
 * A task as it goes through a topic: what was posted, with the id that it has.
 *
 * @param request null when it cannot be read
 * @param problem why it cannot be read, or empty
 */
record TaskMessage(String taskId, @Nullable TaskRequest request, String problem) {
  private static final String TASK_ID = "task_id";
  private static final Pattern ID = Pattern.compile("[a-zA-Z0-9._-]{1,64}");

  private record Written(
      String taskId, String taskName, String taskDescription, RawValue payload) {}

  static String write(String taskId, String name, String description, String payload) {
    return Json.MAPPER.writeValueAsString(
        new Written(taskId, name, description, new RawValue(payload)));
  }

  /**
   * Reads what came from a topic. A message of others may have no id, and gets the same one each
   * time it comes.
   *
   * @throws TaskRequest.MalformedException when there is no telling which task it is
   */
  static TaskMessage read(Delivery delivery, List<ServiceSettings> services)
      throws TaskRequest.MalformedException {
    JsonNode body = TaskRequest.tree(delivery.action().payload());
    String taskId = taskId(body.path(TASK_ID), delivery);
    try {
      return new TaskMessage(taskId, TaskRequest.read(body, services), "");
    } catch (TaskRequest.MalformedException e) {
      return new TaskMessage(taskId, null, String.valueOf(e.getMessage()));
    }
  }

  private static String taskId(JsonNode given, Delivery delivery)
      throws TaskRequest.MalformedException {
    if (given.isMissingNode() || given.isNull()) {
      return DerivedId.of(delivery.origin(), delivery.action().timestamp());
    }
    if (!given.isString() || !ID.matcher(given.asString()).matches()) {
      throw new TaskRequest.MalformedException(
          "task_id: want 1 to 64 letters, digits, dots, dashes, underscores");
    }
    return given.asString();
  }
}
