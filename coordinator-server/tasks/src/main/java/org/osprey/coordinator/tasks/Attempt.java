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
   */
  record Failed(Kind kind, String error, @Nullable Duration retryAfter) implements Attempt {
    /** What is known about the effect of a failed call. */
    public enum Kind {
      /** The service answered that it cannot do it now: it did nothing. */
      BUSY,
      /** Nobody was there: nothing was done. */
      NOT_REACHED,
      /** The service broke, or its answer did: it may have done it all the same. */
      BROKEN
    }

    /** Whether the service as a whole looks ill. */
    boolean isOutage() {
      return kind != Kind.BUSY;
    }

    /** Whether it may have been carried out. */
    boolean isUnknown() {
      return kind == Kind.BROKEN;
    }
  }

  /**
   * It did not begin, for reasons on this side: it comes again later and uses up nothing.
   *
   * @param error for people
   */
  record Postponed(String error) implements Attempt {}

  /** Its request has ended or is with another coordinator, so nobody waited for it any more. */
  record Aborted() implements Attempt {}

  /**
   * It will not go better another time.
   *
   * @param error for people
   */
  record Refused(String error) implements Attempt {}
}
