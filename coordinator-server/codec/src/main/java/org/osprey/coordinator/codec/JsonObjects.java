package org.osprey.coordinator.codec;

/** Checks that bytes are one JSON object that every worker can read. */
public final class JsonObjects {
  private JsonObjects() {}

  /**
   * @throws UndecodableException saying what is wrong and where
   */
  public static void check(byte[] json) throws UndecodableException {
    if (json.length == 0) {
      throw new UndecodableException("is empty, want a JSON object");
    }
  }
}
