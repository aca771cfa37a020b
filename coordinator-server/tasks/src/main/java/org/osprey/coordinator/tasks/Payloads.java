package org.osprey.coordinator.tasks;

import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.cfg.JsonNodeFeature;
import tools.jackson.databind.json.JsonMapper;

/** What is stored as a request's payload: the items under a name, as the API shows them. */
final class Payloads {
  /** Keeps numbers as they are written. */
  static final JsonMapper MAPPER =
      JsonMapper.builder()
          .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
          .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
          .build();

  private static final String START = "{\"items\":";
  private static final String END = "}";

  private Payloads() {}

  static String stored(String items) {
    return START + items + END;
  }

  static String items(String stored) {
    return stored.substring(START.length(), stored.length() - END.length());
  }
}
