package org.osprey.coordinator.etcd;

import java.io.StringWriter;
import org.jspecify.annotations.Nullable;
import org.osprey.coordinator.core.Announcer.Endpoint;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

/**
 * One endpoint as discovery clients find it.
 *
 * @param value JSON in the form that clients of the first coordinator read
 */
record Instance(String key, String value) {
  private static final JsonFactory JSON = new JsonFactory();

  /**
   * @param address where the port is
   * @param podIp what clients prefer to the address
   */
  static Instance of(Endpoint endpoint, String address, @Nullable String podIp, boolean draining) {
    String key =
        "/discovery/%s/instances/%s:%d".formatted(endpoint.service(), address, endpoint.port());
    return new Instance(key, json(endpoint, address, podIp, draining));
  }

  private static String json(
      Endpoint endpoint, String address, @Nullable String podIp, boolean draining) {
    StringWriter text = new StringWriter();
    try (JsonGenerator json = JSON.createGenerator(ObjectWriteContext.empty(), text)) {
      json.writeStartObject();
      json.writeStringProperty("name", endpoint.service());
      json.writeStringProperty("address", address);
      json.writeNumberProperty("port", endpoint.port());
      json.writeObjectPropertyStart("metadata");
      json.writeEndObject();
      json.writeObjectPropertyStart("ports");
      json.writeNumberProperty("grpc", endpoint.port());
      json.writeEndObject();
      // Writes null for null.
      json.writeStringProperty("ip", podIp);
      json.writeNullProperty("id_override");
      json.writeBooleanProperty("draining", draining);
      json.writeEndObject();
    }
    return text.toString();
  }
}
