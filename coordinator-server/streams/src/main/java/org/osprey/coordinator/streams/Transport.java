package org.osprey.coordinator.streams;

import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import org.osprey.coordinator.proto.streams.v1.StateUpdate;

/**
 * Carries commands to those who have the streams, and updates to those who watch. Safe for use by
 * many threads; nothing here blocks.
 */
public interface Transport {

  /** Where commands go that come in. Called once, before anything is sent. */
  void serve(StreamCommands streams);

  /**
   * The way to the streams, wherever they are. Where nobody serves, replies are {@code
   * UNAVAILABLE}; where an answer does not come in time, {@code UNKNOWN}.
   */
  StreamCommands streams();

  /** Tells all who watch the stream. What cannot be sent now is left out: the next is newer. */
  void publish(StateUpdate update);

  /**
   * Has a listener told of the updates of a stream, in their order as far as one coordinator sends
   * them, on any thread, which it must not hold up.
   *
   * @return completes when no update that is published from then on is missed while there is a
   *     connection; fails with {@link StreamCommands.UnreachableException} when there is none, and
   *     with {@link IllegalArgumentException} when no stream can have this id
   */
  CompletionStage<Watch> watch(String streamId, Consumer<StateUpdate> listener);

  /** One who is told of updates, until it is closed. */
  interface Watch extends AutoCloseable {
    @Override
    void close();
  }
}
