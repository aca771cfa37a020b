package org.osprey.coordinator.tasks;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.UUID;

/** The id of a task whose message has none: the same whenever the message comes again. */
final class DerivedId {
  /** Any one would do, as long as it stays. */
  private static final UUID NAMESPACE = UUID.fromString("5f1cb7b6-6d0c-4d0a-9d0e-0c2f6f3a8b51");

  private DerivedId() {}

  /**
   * @param origin topic, partition and offset
   * @param publishedAt tells the messages of a topic from those of one that had its name before
   * @return a UUID of version 5, as RFC 9562 makes it
   */
  static String of(String origin, Instant publishedAt) {
    MessageDigest digest = sha1();
    digest.update(
        ByteBuffer.allocate(2 * Long.BYTES)
            .putLong(NAMESPACE.getMostSignificantBits())
            .putLong(NAMESPACE.getLeastSignificantBits())
            .flip());
    String name = "%s time=%d".formatted(origin, publishedAt.toEpochMilli());
    ByteBuffer hash = ByteBuffer.wrap(digest.digest(name.getBytes(UTF_8)));
    long high = (hash.getLong() & ~0xF000L) | 0x5000L;
    long low = (hash.getLong() & ~(0b11L << 62)) | (0b10L << 62);
    return new UUID(high, low).toString();
  }

  private static MessageDigest sha1() {
    try {
      return MessageDigest.getInstance("SHA-1");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-1", e);
    }
  }
}
