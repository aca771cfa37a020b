package org.osprey.coordinator.security;

/** What an identity is there for. */
public enum Role {
  /** Opens streams and handles actions. */
  WORKER("worker"),
  /** Sends actions, and reads what became of its own. */
  SUBMITTER("submitter"),
  /** Steers: replays, drains, pauses; may see what a viewer sees. */
  OPERATOR("operator"),
  /** Reads: the dashboard, metrics, lists. */
  VIEWER("viewer");

  private final String title;

  Role(String title) {
    this.title = title;
  }

  /** As settings and messages write it. */
  public String title() {
    return title;
  }

  /** Whether who has this role may do what the other is for. */
  boolean covers(Role need) {
    return this == need || (this == OPERATOR && need == VIEWER);
  }
}
