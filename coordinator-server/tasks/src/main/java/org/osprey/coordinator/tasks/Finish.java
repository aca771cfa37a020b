package org.osprey.coordinator.tasks;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What becomes of a request after a call.
 *
 * @param status pending when somebody is to call it again
 * @param response JSON, or null
 * @param error for people, or null
 * @param delay before the next call
 * @param counts whether this call counts against the limit of retries
 */
record Finish(
    ClaimedRequest request,
    Status status,
    @Nullable String response,
    @Nullable String error,
    Duration delay,
    boolean counts) {

  /** The answer is there. */
  static Finish completed(ClaimedRequest request, String response) {
    return new Finish(request, Status.COMPLETED, response, null, Duration.ZERO, false);
  }

  /** It is given up. */
  static Finish failed(ClaimedRequest request, String error) {
    return new Finish(request, Status.FAILED, null, error, Duration.ZERO, false);
  }

  /** Somebody calls it again later. */
  static Finish again(ClaimedRequest request, String error, Duration delay, boolean counts) {
    return new Finish(request, Status.PENDING, null, error, delay, counts);
  }
}
