package org.osprey.coordinator.streams;

import org.osprey.coordinator.proto.streams.v1.CommandReply;
import org.osprey.coordinator.proto.streams.v1.Result;

/** Replies to commands that reached no stream. */
public final class Replies {
  private Replies() {}

  /**
   * @param message for people
   */
  public static CommandReply of(Result result, String message) {
    return CommandReply.newBuilder().setResult(result).setMessage(message).build();
  }
}
