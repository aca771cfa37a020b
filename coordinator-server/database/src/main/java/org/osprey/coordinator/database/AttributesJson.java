package org.osprey.coordinator.database;

import java.io.StringWriter;
import java.util.LinkedHashMap;
import java.util.Map;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

/** Attributes as a JSON object of {@link StorableText}. */
final class AttributesJson {
  private static final JsonFactory JSON = new JsonFactory();

  private AttributesJson() {}

  static String write(Map<String, String> attributes) {
    StringWriter out = new StringWriter();
    try (JsonGenerator json = JSON.createGenerator(ObjectWriteContext.empty(), out)) {
      json.writeStartObject();
      attributes.forEach(
          (name, value) ->
              json.writeStringProperty(StorableText.escape(name), StorableText.escape(value)));
      json.writeEndObject();
    }
    return out.toString();
  }

  static Map<String, String> read(String text) {
    Map<String, String> attributes = new LinkedHashMap<>();
    try (JsonParser json = JSON.createParser(ObjectReadContext.empty(), text)) {
      json.nextToken();
      while (json.nextToken() == JsonToken.PROPERTY_NAME) {
        String name = StorableText.unescape(json.currentName());
        json.nextToken();
        attributes.put(name, StorableText.unescape(json.getString()));
      }
    }
    return attributes;
  }
}
