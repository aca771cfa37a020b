package org.osprey.coordinator.worker;

/** What a worker does with an action. */
@FunctionalInterface
public interface ActionHandler {
  /**
   * Called on a virtual thread of its own, so it may block; as many calls run at once as the worker
   * has actions in hand. The thread is interrupted when the action's time is over or its stream is
   * gone, because nobody would hear the answer.
   *
   * @throws Exception whatever stops it; the action is nacked then
   */
  Answer handle(ReceivedAction action) throws Exception;
}
