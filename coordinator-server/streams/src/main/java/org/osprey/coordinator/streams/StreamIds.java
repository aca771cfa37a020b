package org.osprey.coordinator.streams;

/** What ids of streams look like. They become part of subjects and of paths. */
public final class StreamIds {
  /** For people. */
  public static final String RULE =
      "stream_id must be 1 to 64 of the characters A-Z, a-z, 0-9, _ and -";

  private static final int LONGEST = 64;

  private StreamIds() {}

  public static boolean isValid(String id) {
    if (id.isEmpty() || id.length() > LONGEST) {
      return false;
    }
    for (int i = 0; i < id.length(); i++) {
      if (!isAllowed(id.charAt(i))) {
        return false;
      }
    }
    return true;
  }

  private static boolean isAllowed(char c) {
    return (c >= 'a' && c <= 'z')
        || (c >= 'A' && c <= 'Z')
        || (c >= '0' && c <= '9')
        || c == '_'
        || c == '-';
  }
}
