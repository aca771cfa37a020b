package org.osprey.coordinator.etcd;

import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;

/**
 * What the v2 keys API said, as far as we want to know.
 *
 * @param errorCode 0 for none
 * @param value of the key; null when there is none
 */
record KeysAnswer(int errorCode, @Nullable String value) {
  static final int KEY_NOT_FOUND = 100;
  static final int UNAUTHORIZED = 110;
  static final int RAFT_INTERNAL = 300;
  static final int LEADER_ELECTION = 301;

  private static final JsonFactory JSON = new JsonFactory();

  /**
   * @return null when the body is no answer of this API
   */
  static @Nullable KeysAnswer parse(byte[] body) {
    try (JsonParser json = JSON.createParser(ObjectReadContext.empty(), body)) {
      return json.nextToken() == JsonToken.START_OBJECT ? answer(json) : null;
    } catch (JacksonException e) {
      return null;
    }
  }

  private static @Nullable KeysAnswer answer(JsonParser json) {
    int errorCode = 0;
    String value = null;
    boolean known = false;
    for (String field = json.nextName(); field != null; field = json.nextName()) {
      JsonToken token = json.nextToken();
      if (field.equals("errorCode") && token == JsonToken.VALUE_NUMBER_INT) {
        errorCode = json.getIntValue();
        known = true;
      } else if (field.equals("node") && token == JsonToken.START_OBJECT) {
        value = value(json);
        known = true;
      } else {
        json.skipChildren();
      }
    }
    return known ? new KeysAnswer(errorCode, value) : null;
  }

  private static @Nullable String value(JsonParser json) {
    String value = null;
    for (String field = json.nextName(); field != null; field = json.nextName()) {
      JsonToken token = json.nextToken();
      if (field.equals("value") && token == JsonToken.VALUE_STRING) {
        value = json.getString();
      } else {
        json.skipChildren();
      }
    }
    return value;
  }
}
