package org.osprey.coordinator.it;

/** What is wrong with a record, by its id: one in a thousand of each kind. */
enum Poison {
  NONE,
  /** Every worker nacks it. */
  NACKED,
  /** Every worker that gets it dies. */
  WORKERS_LOST,
  /** It is no action. */
  UNDECODABLE;

  static Poison of(long id) {
    return switch ((int) (id % 1_000)) {
      case 100 -> NACKED;
      case 200 -> WORKERS_LOST;
      case 300 -> UNDECODABLE;
      default -> NONE;
    };
  }
}
