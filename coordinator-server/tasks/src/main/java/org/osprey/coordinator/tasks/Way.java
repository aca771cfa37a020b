package org.osprey.coordinator.tasks;

/** How a task gets from where it is stored to who works on it. */
enum Way {
  /** The table is the queue. */
  DATABASE,
  /** It is published to a topic, and waits in the table until somebody has read it there. */
  TOPIC
}
