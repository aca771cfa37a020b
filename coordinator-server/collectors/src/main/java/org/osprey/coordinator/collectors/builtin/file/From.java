package org.osprey.coordinator.collectors.builtin.file;

/** Where to begin in files that are there when a collector runs for the first time. */
public enum From {
  BEGINNING,
  END
}
