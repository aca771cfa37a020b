package org.osprey.coordinator.tasks;

/**
 * A service request that this coordinator alone may call now.
 *
 * @param attempt tells this claim from earlier ones
 * @param tries calls before this one that count against the limit
 * @param redrive how often it was retried by hand
 * @param elapsedMillis since its first call
 * @param items the body of the call
 */
public record ClaimedRequest(
    long id,
    String taskId,
    String service,
    int attempt,
    int tries,
    int redrive,
    long elapsedMillis,
    String items) {

  /** The same for all automatic attempts, another one after each retry by hand. */
  public String idempotencyKey() {
    return id + "-" + redrive;
  }
}
