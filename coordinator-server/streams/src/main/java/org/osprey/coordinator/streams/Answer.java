package org.osprey.coordinator.streams;

import org.osprey.coordinator.proto.streams.v1.CommandReply;
import org.osprey.coordinator.proto.streams.v1.Result;

/**
 * What became of a command.
 *
 * @param message for people
 */
record Answer(Result result, String message) {
  static final Answer OK = new Answer(Result.RESULT_OK, "");
  static final Answer NOT_OWNER =
      new Answer(Result.RESULT_NOT_OWNER, "another coordinator has the stream");

  static Answer of(Result result, String message) {
    return new Answer(result, message);
  }

  boolean isOk() {
    return result == Result.RESULT_OK;
  }

  CommandReply reply() {
    return Replies.of(result, message);
  }
}
