package org.osprey.coordinator.codec;

/** What may be an action's name. Names become map keys, metric tags and words in log lines. */
public final class Names {
  static final int MAX_LENGTH = 256;

  private Names() {}

  /**
   * @param field what to call it when it is bad
   * @return the name
   * @throws UndecodableException saying what is wrong with it
   */
  public static String check(String field, String name) throws UndecodableException {
    if (name.isEmpty() || name.length() > MAX_LENGTH) {
      throw new UndecodableException(
          field + " has " + name.length() + " characters, want 1 to " + MAX_LENGTH);
    }
    for (int i = 0; i < name.length(); i++) {
      char c = name.charAt(i);
      if (Character.isISOControl(c)) {
        throw new UndecodableException(field + " has a control character");
      }
      // JSON can escape half a character, which protobuf cannot send.
      if (Character.isSurrogate(c) && !Character.isSurrogatePair(c, following(name, i++))) {
        throw new UndecodableException(field + " is not valid Unicode");
      }
    }
    return name;
  }

  private static char following(String name, int index) {
    return index + 1 < name.length() ? name.charAt(index + 1) : 0;
  }
}
