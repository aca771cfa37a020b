package org.osprey.coordinator.ctl.api;

import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.cfg.JsonNodeFeature;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** JSON that leaves numbers as they are written. */
public final class Json {
  private static final JsonMapper MAPPER =
      JsonMapper.builder()
          .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
          .build();

  private Json() {}

  public static ObjectNode object() {
    return MAPPER.createObjectNode();
  }

  /**
   * @throws JacksonException when it is none
   */
  public static JsonNode read(byte[] text) {
    return MAPPER.readTree(text);
  }

  /**
   * @throws JacksonException when it is none
   */
  public static JsonNode read(String text) {
    return MAPPER.readTree(text);
  }

  public static byte[] bytes(JsonNode node) {
    return MAPPER.writeValueAsBytes(node);
  }

  /** On one line. */
  public static String line(JsonNode node) {
    return MAPPER.writeValueAsString(node);
  }

  /** On as many lines as it takes to read it well. */
  public static String pretty(JsonNode node) {
    return MAPPER.writerWithDefaultPrettyPrinter().writeValueAsString(node);
  }

  /**
   * Checks without making objects of it.
   *
   * @throws JacksonException when the text is no JSON
   * @return whether it is one object
   */
  public static boolean isObject(byte[] text) {
    try (JsonParser parser = MAPPER.createParser(text)) {
      boolean object = parser.nextToken() == JsonToken.START_OBJECT;
      parser.skipChildren();
      return parser.nextToken() == null && object;
    }
  }
}
