package org.osprey.coordinator.contract;

import java.io.IOException;
import java.util.Map;
import org.osprey.coordinator.core.DeadLetters;
import org.osprey.coordinator.core.Source;

/**
 * One origin of actions that nobody else uses (a topic, a stream, a subscription), empty at first,
 * on a real server. Made anew for each test.
 */
public interface SourceRig extends AutoCloseable {

  /**
   * A source that reads the origin, not started yet, with {@code ordering: key}. Called again after
   * the last one was closed, it goes on where that one ended, as a restarted process would. The
   * test closes it.
   *
   * @param deadLetters for messages that are no actions
   */
  Source source(DeadLetters deadLetters);

  /** As {@link #source}, but its origin does not exist and is not made by anyone. */
  Source misdirected(DeadLetters deadLetters);

  /**
   * The name of the setting that {@link #misdirected} has wrong, as it stands in the check's
   * detail, such as {@code kafka.topic}.
   */
  String misdirectedSetting();

  /**
   * Puts a message at the origin and returns when the server has it.
   *
   * @param key its ordering key; empty for none
   * @param attributes its headers or attributes
   */
  void send(byte[] data, String key, Map<String, String> attributes);

  @Override
  void close() throws IOException;
}
