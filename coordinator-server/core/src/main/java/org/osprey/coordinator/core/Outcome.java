package org.osprey.coordinator.core;

import org.jspecify.annotations.Nullable;

/** How the coordinator's work on one delivery ended. A delivery has exactly one. */
public sealed interface Outcome {

  /**
   * A worker handled the action. Both parts are still in their protobuf encoding, so that they pass
   * through unparsed.
   *
   * @param verdicts an encoded {@code osprey.rpc.common.v1.Verdicts}, or null when the worker gave
   *     none
   * @param executionResult an encoded {@code osprey.rpc.common.v1.ExecutionResult}, or null
   */
  @SuppressWarnings("ArrayRecordComponent") // opaque bytes on the hot path
  record Acked(byte @Nullable [] verdicts, byte @Nullable [] executionResult) implements Outcome {

    /** An ack that says nothing beyond "done". */
    public static final Acked EMPTY = new Acked(null, null);

    /**
     * What a sink has to publish: the execution result, or else the verdicts if they are asked for,
     * or null.
     */
    public byte @Nullable [] content(boolean includeVerdicts) {
      return executionResult != null || !includeVerdicts ? executionResult : verdicts;
    }
  }

  /** A worker said it cannot handle the action, and the caller is told so instead of retrying. */
  record Nacked() implements Outcome {}

  /** The caller's deadline passed, or the caller went away, before a worker answered. */
  record Expired() implements Outcome {}

  /** Not handled, and not stored either: the source still has the action and may offer it again. */
  record Rejected(Reason reason) implements Outcome {

    /** Why nothing was done. */
    public enum Reason {
      SHUTTING_DOWN
    }
  }

  /** Given up on; the action is in {@link DeadLetters}, and the source may let go of it. */
  record DeadLettered(DeadLetter.Reason reason) implements Outcome {}
}
