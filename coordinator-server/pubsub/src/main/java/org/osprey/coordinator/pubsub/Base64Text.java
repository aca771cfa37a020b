package org.osprey.coordinator.pubsub;

import java.util.Base64;

/** Some producers encode a message in base 64 before they encrypt it. */
final class Base64Text {
  private Base64Text() {}

  /**
   * @return what the bytes stand for when they are nothing but base 64, otherwise the bytes; no
   *     message that we can read consists of base 64 characters only
   */
  static byte[] decodeOrKeep(byte[] bytes) {
    if (bytes.length == 0 || bytes.length % 4 != 0) {
      return bytes;
    }
    try {
      return Base64.getDecoder().decode(bytes);
    } catch (IllegalArgumentException e) {
      return bytes;
    }
  }
}
