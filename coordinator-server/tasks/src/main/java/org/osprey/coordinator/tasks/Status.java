package org.osprey.coordinator.tasks;

/** Where a task or a service request is; the names are those of the API and of the database. */
public enum Status {
  PENDING,
  IN_PROGRESS,
  COMPLETED,
  FAILED,
  CANCELLED;

  /** Whether nothing more happens by itself. */
  public boolean ended() {
    return this == COMPLETED || this == FAILED || this == CANCELLED;
  }
}
