package org.osprey.coordinator.replica.projection;

import org.osprey.coordinator.replica.event.PersistedEvent;

/**
 * Handles events. The events of one stream come in order and to one worker at a time; a worker
 * handles those of a projection one after the other, but several projections at once.
 */
public interface Projection {

  /** Under which its position is kept; never changes. */
  String name();

  /**
   * What is written over {@link HandleContext#connection} is committed together with the position,
   * so it happens once for each event. All else may happen again after a failure.
   *
   * @throws Exception when it could not; what was written for the event is rolled back
   */
  void handle(PersistedEvent event, HandleContext context) throws Exception;

  /**
   * Asked after {@link #handle} threw, on the same thread.
   *
   * @param attempt how often it was tried, from 1
   */
  default OnFailure onFailure(PersistedEvent event, Exception failure, int attempt) {
    return OnFailure.RETRY;
  }
}
