package org.osprey.coordinator.rpc;

import com.code_intelligence.jazzer.junit.FuzzTest;
import com.google.protobuf.InvalidProtocolBufferException;
import org.osprey.coordinator.codec.UndecodableException;
import org.osprey.coordinator.core.CountingIds;

/**
 * Targets for Jazzer. As a plain test each takes the inputs of its folder; {@code scripts/fuzz.sh}
 * looks for more.
 */
class MessageFuzzTest {

  @FuzzTest
  void ofWorkers(byte[] message) {
    try {
      WorkerMessage.read(message);
    } catch (InvalidProtocolBufferException e) {
      // Ends the stream.
    }
  }

  @FuzzTest
  void ofCallers(byte[] message) {
    try {
      SyncRequest.read(message, new CountingIds());
    } catch (UndecodableException e) {
      // Ends the call.
    }
  }
}
