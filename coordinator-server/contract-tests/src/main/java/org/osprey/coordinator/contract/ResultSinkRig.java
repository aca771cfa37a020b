package org.osprey.coordinator.contract;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.osprey.coordinator.core.ResultSink;

/** A place for results that nobody else uses, empty at first, on a real server. */
public interface ResultSinkRig extends AutoCloseable {

  /** The sink under test, started, with {@code includeVerdicts} on. The rig closes it. */
  ResultSink sink();

  /** More bytes than the server takes in one message. */
  int tooLarge();

  /**
   * What is stored, in no order, once it is at least so much.
   *
   * @throws AssertionError when it is less after that time
   */
  List<PublishedResult> read(int count, Duration atMost);

  /**
   * A result as a consumer finds it.
   *
   * @param key the action id
   */
  @SuppressWarnings("ArrayRecordComponent") // opaque bytes
  record PublishedResult(String key, byte[] value) {}

  @Override
  void close() throws IOException;
}
