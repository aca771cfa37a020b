package org.osprey.coordinator.streams;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/**
 * The beginning of a scene.
 *
 * @param run how often the stream began from the start
 * @param loop how often the last scene was followed by the first
 * @param scene its index
 */
record SceneEntry(long run, long loop, int scene) {

  /** The same for the same entry, on every coordinator; never 0. */
  long actionId(String streamId) {
    byte[] text = "%s/%d/%d/%d".formatted(streamId, run, loop, scene).getBytes(UTF_8);
    // Some callers take ids for signed.
    long id = ByteBuffer.wrap(sha256(text)).getLong() & Long.MAX_VALUE;
    return Math.max(1, id);
  }

  private static byte[] sha256(byte[] text) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(text);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
