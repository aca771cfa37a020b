package org.osprey.coordinator.tasks;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * Marks a request that may come again.
 *
 * @param key chosen by the caller
 * @param bodyHash tells requests apart that came with the same key
 */
public record IdempotencyKey(String key, String bodyHash) {
  private static final int MAX_BYTES = 255;

  /**
   * @param identity of the caller: others may choose the same; empty where nobody is asked
   * @param operation what is asked for, which is a part of the request
   * @throws IllegalArgumentException when the key is empty or too long
   */
  public static IdempotencyKey of(String identity, String key, String operation, byte[] body) {
    int bytes = key.getBytes(UTF_8).length;
    if (key.isBlank() || bytes > MAX_BYTES) {
      throw new IllegalArgumentException(
          "Idempotency-Key: has %d bytes, want 1 to %d".formatted(bytes, MAX_BYTES));
    }
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      digest.update((operation + "\n").getBytes(UTF_8));
      // No header holds a line feed, so each of them can be told from the other.
      String own = identity.isEmpty() ? key : identity + "\n" + key;
      return new IdempotencyKey(own, HexFormat.of().formatHex(digest.digest(body)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
