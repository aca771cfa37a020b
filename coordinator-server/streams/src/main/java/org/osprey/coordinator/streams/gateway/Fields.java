package org.osprey.coordinator.streams.gateway;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.osprey.coordinator.http.ProblemException;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.cfg.JsonNodeFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * The fields of a JSON object in a request. A field that is null is as one that is not there. Each
 * method refuses what is of another form with a {@link ProblemException} that names the field.
 *
 * @param path of the object, with a dot behind it, or empty
 */
record Fields(String path, JsonNode object) {
  /** Keeps numbers as they are written. */
  static final JsonMapper MAPPER =
      JsonMapper.builder()
          .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
          .build();

  private static final int MOST_SHOWN = 60;

  /**
   * @param known every field there may be
   */
  static Fields of(byte[] body, List<String> known) {
    try {
      return of("", "the body", MAPPER.readTree(body), known);
    } catch (JacksonException e) {
      throw ProblemException.badRequest("the body is not valid JSON: " + e.getOriginalMessage());
    }
  }

  private static Fields of(String path, String name, JsonNode node, List<String> known) {
    if (!node.isObject()) {
      throw wrong(name, "an object", node);
    }
    for (String field : node.propertyNames()) {
      if (!known.contains(field)) {
        throw ProblemException.badRequest(
            "%s%s: unknown field, want one of %s".formatted(path, shown(field), known));
      }
    }
    return new Fields(path, node);
  }

  @Nullable String text(String name) {
    JsonNode value = value(name);
    if (value == null) {
      return null;
    }
    if (!value.isString()) {
      throw wrong(path + name, "a string", value);
    }
    return value.asString();
  }

  /** From 0 to the most that a long can be. */
  @Nullable Long number(String name) {
    JsonNode value = value(name);
    if (value == null) {
      return null;
    }
    if (!value.isIntegralNumber() || !value.canConvertToLong() || value.asLong() < 0) {
      throw wrong(path + name, "a whole number from 0 to " + Long.MAX_VALUE, value);
    }
    return value.asLong();
  }

  @Nullable Boolean flag(String name) {
    JsonNode value = value(name);
    if (value == null) {
      return null;
    }
    if (!value.isBoolean()) {
      throw wrong(path + name, "true or false", value);
    }
    return value.asBoolean();
  }

  /** An object, as JSON. */
  @Nullable String object(String name) {
    JsonNode value = value(name);
    if (value == null) {
      return null;
    }
    if (!value.isObject()) {
      throw wrong(path + name, "an object", value);
    }
    return value.toString();
  }

  /** An array of objects; empty when there is none. */
  List<Fields> objects(String name, List<String> known) {
    JsonNode value = value(name);
    if (value == null) {
      return List.of();
    }
    if (!value.isArray()) {
      throw wrong(path + name, "an array", value);
    }
    List<Fields> all = new ArrayList<>(value.size());
    for (int i = 0; i < value.size(); i++) {
      String place = "%s%s[%d]".formatted(path, name, i);
      all.add(of(place + ".", place, value.get(i), known));
    }
    return all;
  }

  /** What is missing where it must not. */
  ProblemException missing(String name, String want) {
    return ProblemException.badRequest("%s%s: is missing, want %s".formatted(path, name, want));
  }

  private @Nullable JsonNode value(String name) {
    JsonNode value = object.get(name);
    return value == null || value.isNull() ? null : value;
  }

  private static ProblemException wrong(String path, String want, JsonNode got) {
    String kind =
        got.isNumber() ? shown(got.toString()) : got.getNodeType().name().toLowerCase(Locale.ROOT);
    return ProblemException.badRequest("%s: want %s, got %s".formatted(path, want, kind));
  }

  /** Anyone may send anything, so what is shown of it stays short and on one line. */
  static String shown(String text) {
    return text.substring(0, Math.min(text.length(), MOST_SHOWN)).replaceAll("[^\\x20-\\x7e]", "?");
  }
}
