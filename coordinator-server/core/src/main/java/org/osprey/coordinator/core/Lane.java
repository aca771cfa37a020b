package org.osprey.coordinator.core;

/** The two priorities: a caller waits for SYNC actions, nobody waits for ASYNC ones. */
public enum Lane {
  SYNC,
  ASYNC
}
