package org.osprey.coordinator.tasks;

import java.time.Duration;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** Whether and when a failed call is made again. */
final class RetryPolicy {
  private static final int DOUBLINGS = 30;

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

  /** Twice as long with each failure, and between half of that and all of it. */
  private Duration backoff(ServiceSettings service, int failures) {
    long first = service.firstBackoff().toMillis();
    long longest = service.longestBackoff().toMillis();
    long step = Math.min(longest, first << Math.min(failures, DOUBLINGS));
    return Duration.ofMillis((long) (step * (0.5 + random.nextDouble() / 2)));
  }
}
