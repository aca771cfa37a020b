package org.osprey.coordinator.replica;

/** What a worker of a replica set is at. */
public enum WorkerState {
  /** In no generation yet: it joined lately, or there are as many workers as slots. */
  WAITING,
  /** Has not said yet that nothing of an older generation goes on. */
  STOPPING,
  /** Waits for others who have not stopped yet. */
  READY,
  /** Works on its part. */
  RUNNING,
  /** Dead to the others, or about to be: not heard of for its {@code staleWorkerTimeout}. */
  SILENT;

  /**
   * @param assigned whether it has a part in the newest generation
   * @param stopped whether it has stopped all older work
   * @param allStopped whether everybody of the generation has
   */
  static WorkerState of(boolean silent, boolean assigned, boolean stopped, boolean allStopped) {
    if (silent) {
      return SILENT;
    }
    if (!assigned) {
      return WAITING;
    }
    if (!stopped) {
      return STOPPING;
    }
    return allStopped ? RUNNING : READY;
  }
}
