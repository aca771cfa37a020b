package org.osprey.coordinator.codec;

import tools.jackson.core.JsonParser;

/** Checks that bytes are one JSON object that every worker can read. */
public final class JsonObjects {
  private JsonObjects() {}

  /**
   * Looks at every byte, keeps nothing: no tree and no copies. Duplicate keys pass; workers take
   * the last one.
   *
   * @throws UndecodableException saying what is wrong and where
   */
  public static void check(byte[] json) throws UndecodableException {
    JsonReader.read(json, 0, json.length, JsonParser::skipChildren);
  }
}
