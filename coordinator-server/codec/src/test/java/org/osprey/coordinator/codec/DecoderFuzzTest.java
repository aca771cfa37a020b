package org.osprey.coordinator.codec;

import com.code_intelligence.jazzer.junit.FuzzTest;
import org.jspecify.annotations.Nullable;
import org.osprey.coordinator.core.Action;

/**
 * Targets for Jazzer. As a plain test each takes the inputs of its folder; {@code scripts/fuzz.sh}
 * looks for more.
 */
class DecoderFuzzTest {

  @FuzzTest
  void envelope(byte[] message) {
    decode(message, null);
  }

  @FuzzTest
  void proto(byte[] message) {
    decode(message, "proto");
  }

  @FuzzTest
  void payload(byte[] payload) {
    try {
      JsonObjects.check(payload);
    } catch (UndecodableException e) {
      // What a bad payload is there for.
    }
  }

  /** What a decoder lets through, the check of the other entrances must let through, too. */
  private static void decode(byte[] message, @Nullable String encoding) {
    Action action;
    try {
      action = Decoding.decode(message, encoding);
    } catch (UndecodableException e) {
      return;
    }
    if (action.encoding() != Action.Encoding.PROTO) {
      try {
        JsonObjects.check(action.payload());
      } catch (UndecodableException e) {
        throw new AssertionError("decoded a payload that " + e.getMessage(), e);
      }
    }
  }
}
