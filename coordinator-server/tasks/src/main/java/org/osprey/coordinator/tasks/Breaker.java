package org.osprey.coordinator.tasks;

import com.google.errorprone.annotations.ThreadSafe;
import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreaker.State;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig.SlidingWindowType;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * Keeps calls from a service that is down: when nearly all of the last calls failed, nothing is
 * called for a while, and then one call at a time tries whether the service is back.
 */
@ThreadSafe
final class Breaker {
  private static final int WINDOW = 50;
  private static final int LEAST_CALLS = 20;
  private static final float FAILURE_PERCENT = 90;
  private static final Duration REST = Duration.ofSeconds(2);

  private static final CircuitBreakerConfig CONFIG =
      CircuitBreakerConfig.custom()
          .slidingWindow(WINDOW, LEAST_CALLS, SlidingWindowType.COUNT_BASED)
          .failureRateThreshold(FAILURE_PERCENT)
          .waitDurationInOpenState(REST)
          .permittedNumberOfCallsInHalfOpenState(1)
          .automaticTransitionFromOpenToHalfOpenEnabled(true)
          .build();

  @SuppressWarnings("ThreadSafe") // it is
  private final CircuitBreaker breaker;

  /** What a call may do. */
  enum Permission {
    NORMAL,
    /** It only tries whether the service is back. */
    PROBE,
    NONE
  }

  Breaker(String service) {
    breaker = CircuitBreaker.of(service, CONFIG);
  }

  /** How many calls may begin now. */
  int permitted() {
    return switch (breaker.getState()) {
      case OPEN, FORCED_OPEN -> 0;
      case HALF_OPEN -> 1;
      case CLOSED, DISABLED, METRICS_ONLY -> Integer.MAX_VALUE;
    };
  }

  boolean isOpen() {
    return permitted() == 0;
  }

  /** To be followed by {@link #end} or {@link #leave} unless it is {@code NONE}. */
  Permission begin() {
    boolean probe = breaker.getState() == State.HALF_OPEN;
    if (!breaker.tryAcquirePermission()) {
      return Permission.NONE;
    }
    return probe ? Permission.PROBE : Permission.NORMAL;
  }

  /**
   * @param reached whether the service was there and answered
   */
  void end(boolean reached) {
    if (reached) {
      breaker.onSuccess(0, TimeUnit.NANOSECONDS);
    } else {
      breaker.onError(0, TimeUnit.NANOSECONDS, new OutageException());
    }
  }

  /** The call did not begin after all. */
  void leave() {
    breaker.releasePermission();
  }

  private static final class OutageException extends Exception {
    private static final long serialVersionUID = 1;
  }
}
