package org.osprey.coordinator.core;

import java.time.Duration;

/**
 * An action that has ended, without its contents.
 *
 * @param id unsigned 64 bits
 * @param outcome the kind of its {@link Outcome}
 * @param took from its arrival to its end
 * @param ago how long it has been over
 */
public record EndedAction(
    long id, String name, Lane lane, String source, Kind outcome, Duration took, Duration ago) {

  /** The kinds of {@link Outcome}. */
  public enum Kind {
    ACKED,
    NACKED,
    EXPIRED,
    REJECTED,
    DEAD_LETTERED;

    static Kind of(Outcome outcome) {
      return switch (outcome) {
        case Outcome.Acked acked -> ACKED;
        case Outcome.Nacked nacked -> NACKED;
        case Outcome.Expired expired -> EXPIRED;
        case Outcome.Rejected rejected -> REJECTED;
        case Outcome.DeadLettered letter -> DEAD_LETTERED;
      };
    }
  }
}
