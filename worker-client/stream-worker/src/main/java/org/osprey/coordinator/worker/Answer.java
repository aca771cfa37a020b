package org.osprey.coordinator.worker;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.osprey.coordinator.proto.common.v1.ExecutionResult;

/** What a handler made of an action. */
public sealed interface Answer {

  /** The action is done; without verdicts it is done all the same. */
  static Verdicts verdicts(String... verdicts) {
    return new Verdicts(List.of(verdicts), null);
  }

  static Verdicts verdicts(List<String> verdicts) {
    return new Verdicts(verdicts, null);
  }

  /** This worker cannot handle the action; the coordinator decides what becomes of it. */
  static Nack nack() {
    return new Nack();
  }

  /** The caller of a sync action sees the verdicts; result sinks see the execution result. */
  record Verdicts(List<String> verdicts, @Nullable ExecutionResult executionResult)
      implements Answer {
    public Verdicts {
      verdicts = List.copyOf(verdicts);
    }

    public Verdicts withExecutionResult(ExecutionResult result) {
      return new Verdicts(verdicts, result);
    }
  }

  record Nack() implements Answer {}
}
