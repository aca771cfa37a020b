package org.osprey.coordinator.codec;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/**
 * The fields either envelope may have, found in one pass and not judged yet: which envelope it is
 * shows only at the end. A field inside {@code data} goes by its path, such as {@code data.data}.
 */
final class JsonFields {
  private static final String DATA = "data";
  private static final Map<String, String> OUTER =
      Map.of(
          "id",
          "id",
          "name",
          "name",
          DATA,
          DATA,
          "secret_data",
          "secret_data",
          "send_time",
          "send_time",
          "not_before",
          "not_before");
  private static final Map<String, String> INNER =
      Map.of(
          "action_id",
          "data.action_id",
          "action_name",
          "data.action_name",
          DATA,
          "data.data",
          "secret_data",
          "data.secret_data");

  private static final Set<String> STRICT =
      Set.of("id", "name", DATA, "secret_data", "timestamp", "not_before");

  private final Map<String, JsonValue> values = new HashMap<>();

  private @Nullable String unknown;

  private JsonFields() {}

  /** Reads the object at which the parser is. */
  static JsonFields read(JsonParser parser) {
    JsonFields fields = new JsonFields();
    fields.readObject(parser, OUTER);
    return fields;
  }

  /** As {@link #read}, for those who may send only the fields that are known. */
  static JsonFields readStrict(JsonParser parser) {
    JsonFields fields = new JsonFields();
    while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
      String name = parser.currentName();
      parser.nextToken();
      if (STRICT.contains(name)) {
        fields.values.put(name, JsonValue.read(parser));
      } else {
        fields.unknown = fields.unknown == null ? name : fields.unknown;
        parser.skipChildren();
      }
    }
    return fields;
  }

  /** The first field that {@link #readStrict} does not know; null for none. */
  @Nullable String unknown() {
    return unknown;
  }

  boolean has(String path) {
    return values.containsKey(path);
  }

  /** Null when the field is missing. */
  @Nullable JsonValue get(String path) {
    return values.get(path);
  }

  private void readObject(JsonParser parser, Map<String, String> paths) {
    while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
      String path = paths.get(parser.currentName());
      parser.nextToken();
      if (path == null) {
        parser.skipChildren();
      } else if (path.equals(DATA)) {
        values.put(path, readData(parser));
      } else {
        values.put(path, JsonValue.read(parser));
      }
    }
  }

  private JsonValue readData(JsonParser parser) {
    // A key may come twice, and then the last one counts with all that is in it.
    if (has(DATA)) {
      values.keySet().removeAll(INNER.values());
    }
    if (parser.currentToken() != JsonToken.START_OBJECT) {
      return JsonValue.read(parser);
    }
    int start = (int) parser.currentTokenLocation().getByteOffset();
    readObject(parser, INNER);
    return JsonValue.endingAt(parser, JsonToken.START_OBJECT, start);
  }
}
