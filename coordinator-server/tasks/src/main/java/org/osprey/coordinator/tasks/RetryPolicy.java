package org.osprey.coordinator.tasks;

import java.time.Duration;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.osprey.coordinator.core.Backoff;

/** Whether and when a failed call is made again. */
final class RetryPolicy {
  private final RandomGenerator random;

  RetryPolicy(RandomGenerator random) {
    this.random = random;
  }

  /**
   * @param counts whether this failure counts against the limit of retries
   * @param elapsed since the first call
   * @return the wait before the next call, or null when there is none
   */
  @Nullable Duration next(
      ServiceSettings service,
      ClaimedRequest request,
      Attempt.Failed failure,
      boolean counts,
      Duration elapsed) {
    if (counts && request.tries() >= service.retries()) {
      return null;
    }
    Duration wait = backoff(service, request.tries());
    if (failure.retryAfter() != null && failure.retryAfter().compareTo(wait) > 0) {
      wait = failure.retryAfter();
    }
    return elapsed.plus(wait).compareTo(service.totalTimeout()) > 0 ? null : wait;
  }

  /** The wait of a call that did not begin. */
  Duration postponement(ServiceSettings service) {
    return backoff(service, 0);
  }

  private Duration backoff(ServiceSettings service, int failures) {
    return Backoff.after(
        failures, service.firstBackoff(), service.longestBackoff(), random.nextDouble());
  }
}
