package org.osprey.coordinator.tasks;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** How one call to a service ended. */
public sealed interface Attempt {

  /**
   * The service did it.
   *
   * @param response JSON, as it came
   */
  record Succeeded(String response) implements Attempt {}

  /**
   * It may go better another time.
   *
   * @param error for people
   * @param retryAfter what the service asked for, or null
   * @param unknown whether the service may have done it all the same
   */
  record Failed(String error, @Nullable Duration retryAfter, boolean unknown) implements Attempt {}

  /**
   * It will not go better another time.
   *
   * @param error for people
   */
  record Refused(String error) implements Attempt {}
}
