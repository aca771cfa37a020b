package org.osprey.coordinator.ctl.load;

import com.google.protobuf.Timestamp;
import java.time.Instant;
import org.osprey.coordinator.ctl.api.Json;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.databind.util.RawValue;

/**
 * The action that is sent again and again; the coordinator makes the ids.
 *
 * @param data a JSON object
 */
public record Sample(String name, String data) {

  /** As the API takes it. */
  byte[] json() {
    ObjectNode action = Json.object().put("name", name);
    return Json.bytes(action.putRawValue("data", new RawValue(data)));
  }

  static Timestamp now() {
    Instant now = Instant.now();
    return Timestamp.newBuilder().setSeconds(now.getEpochSecond()).setNanos(now.getNano()).build();
  }
}
