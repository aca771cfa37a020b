package org.osprey.coordinator.streams.gateway;

import static java.nio.charset.StandardCharsets.UTF_8;

import org.jspecify.annotations.Nullable;
import org.osprey.coordinator.proto.streams.v1.StateUpdate;

/** A state as it is sent, made once for all who get the same. Not thread-safe. */
final class Frame {
  private final String json;
  private byte @Nullable [] event;

  Frame(StateUpdate state, long scenesMissed) {
    json = StateJson.of(state, scenesMissed);
  }

  /** For WebSockets. */
  String json() {
    return json;
  }

  /** The same as a server-sent event. */
  byte[] event() {
    byte[] made = event;
    if (made == null) {
      made = ("event: state\ndata: " + json + "\n\n").getBytes(UTF_8);
      event = made;
    }
    return made;
  }
}
