package org.osprey.coordinator.tasks;

import com.google.errorprone.annotations.ThreadSafe;
import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreaker.State;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig.SlidingWindowType;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Keeps calls from a service that is down: when nearly all of the last calls failed, nothing is
 * called for a while, and then one call at a time tries whether the service is back.
 */
@ThreadSafe
final class Breaker {
  private static final int WINDOW = 50;
  private static final int LEAST_CALLS = 10;
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

  private final AtomicBoolean probing = new AtomicBoolean();

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
      case HALF_OPEN -> probing.get() ? 0 : 1;
      case CLOSED, DISABLED, METRICS_ONLY -> Integer.MAX_VALUE;
    };
  }

  /** Whether the service is taken to be down; at most one call at a time tries it then. */
  boolean isOpen() {
    return permitted() < Integer.MAX_VALUE;
  }

  /** To be followed by {@link #end} or {@link #leave} unless it is {@code NONE}. */
  Permission begin() {
    if (!breaker.tryAcquirePermission()) {
      return Permission.NONE;
    }
    if (breaker.getState() != State.HALF_OPEN) {
      return Permission.NORMAL;
    }
    probing.set(true);
    return Permission.PROBE;
  }

  /**
   * @param permission of the call that has ended
   * @param reached whether the service was there and answered
   */
  void end(Permission permission, boolean reached) {
    if (permission == Permission.PROBE) {
      probing.set(false);
    }
    if (reached) {
      breaker.onSuccess(0, TimeUnit.NANOSECONDS);
    } else {
      breaker.onError(0, TimeUnit.NANOSECONDS, new OutageException());
    }
  }

  /**
   * The call did not begin after all.
   *
   * @param permission of that call
   */
  void leave(Permission permission) {
    if (permission == Permission.PROBE) {
      probing.set(false);
    }
    breaker.releasePermission();
  }

  private static final class OutageException extends Exception {
    private static final long serialVersionUID = 1;
  }
}
