package org.osprey.coordinator.worker.rules;

import java.io.InputStream;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.core.util.JsonRecyclerPools;

/**
 * The values in an action's payload as text, by path: {@code user.name} is the field {@code name}
 * of the object {@code user}. An array gives all its elements to its own path. Null is no value.
 */
public final class Fields {
  // The usual pool keeps its buffers per thread, which is waste on threads that live for one
  // action.
  private static final JsonFactory JSON =
      JsonFactory.builder().recyclerPool(JsonRecyclerPools.newConcurrentDequePool()).build();

  private final Map<String, List<String>> values;

  private Fields(Map<String, List<String>> values) {
    this.values = values;
  }

  /** For payloads that cannot be looked into. */
  public static Fields none() {
    return new Fields(Map.of());
  }

  /**
   * Reads the whole object.
   *
   * @throws tools.jackson.core.JacksonException when it is not JSON
   * @throws IllegalArgumentException when it is not an object
   */
  public static Fields read(InputStream json) {
    try (JsonParser parser = JSON.createParser(ObjectReadContext.empty(), json)) {
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        throw new IllegalArgumentException("expected a JSON object, got " + parser.currentToken());
      }
      Map<String, List<String>> values = new HashMap<>();
      readObject(parser, "", values);
      return new Fields(values);
    }
  }

  List<String> values(String path) {
    return values.getOrDefault(path, List.of());
  }

  private static void readObject(JsonParser parser, String prefix, Map<String, List<String>> into) {
    while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
      String path = prefix + parser.currentName();
      parser.nextToken();
      readValue(parser, path, into);
    }
  }

  private static void readValue(JsonParser parser, String path, Map<String, List<String>> into) {
    JsonToken token = parser.currentToken();
    if (token == JsonToken.START_OBJECT) {
      readObject(parser, path + ".", into);
    } else if (token == JsonToken.START_ARRAY) {
      while (parser.nextToken() != JsonToken.END_ARRAY) {
        readValue(parser, path, into);
      }
    } else if (token != JsonToken.VALUE_NULL) {
      into.computeIfAbsent(path, unused -> new ArrayList<>()).add(parser.getString());
    }
  }
}
