package org.osprey.coordinator.codec;

import java.nio.charset.StandardCharsets;

/** What may be an action's name. Names become map keys, metric tags and words in log lines. */
final class Names {
  static final int MAX_LENGTH = 256;

  private Names() {}

  static String check(String field, String name) throws UndecodableException {
    if (name.isEmpty() || name.length() > MAX_LENGTH) {
      throw new UndecodableException(
          field + " has " + name.length() + " characters, want 1 to " + MAX_LENGTH);
    }
    if (name.chars().anyMatch(Character::isISOControl)) {
      throw new UndecodableException(field + " has a control character");
    }
    // JSON can escape half a character, which protobuf cannot send.
    if (!StandardCharsets.UTF_8.newEncoder().canEncode(name)) {
      throw new UndecodableException(field + " is not valid Unicode");
    }
    return name;
  }
}
