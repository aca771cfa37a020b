package org.osprey.coordinator.codec;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/**
 * A value and where it stands.
 *
 * @param token its first token
 * @param text the text of a string or number, null for anything else
 * @param start offset of its first byte
 * @param end offset behind its last byte; unknown, 0, unless it is an object or an array
 */
record JsonValue(JsonToken token, @Nullable String text, int start, int end) {

  /** Takes the value at which the parser is, and leaves the parser at its end. */
  static JsonValue read(JsonParser parser) {
    JsonToken token = parser.currentToken();
    if (!token.isStructStart()) {
      boolean hasText = token == JsonToken.VALUE_STRING || token.isNumeric();
      return new JsonValue(token, hasText ? parser.getString() : null, 0, 0);
    }
    int start = (int) parser.currentTokenLocation().getByteOffset();
    parser.skipChildren();
    return endingAt(parser, token, start);
  }

  /** An object or array whose end the parser has just read. */
  static JsonValue endingAt(JsonParser parser, JsonToken token, int start) {
    return new JsonValue(token, null, start, (int) parser.currentLocation().getByteOffset());
  }

  boolean isNull() {
    return token == JsonToken.VALUE_NULL;
  }

  boolean is(JsonToken wanted) {
    return token == wanted;
  }

  String kind() {
    return kind(token);
  }

  byte[] slice(byte[] source, int offset) {
    return Arrays.copyOfRange(source, offset + start, offset + end);
  }

  static String kind(JsonToken token) {
    return switch (token) {
      case START_OBJECT, END_OBJECT, PROPERTY_NAME -> "object";
      case START_ARRAY, END_ARRAY -> "array";
      case VALUE_STRING -> "string";
      case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> "number";
      case VALUE_TRUE, VALUE_FALSE -> "boolean";
      case VALUE_NULL -> "null";
      case VALUE_EMBEDDED_OBJECT, NOT_AVAILABLE -> throw new IllegalArgumentException(token.name());
    };
  }
}
