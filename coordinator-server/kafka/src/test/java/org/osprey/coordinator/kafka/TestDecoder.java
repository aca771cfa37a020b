package org.osprey.coordinator.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.time.Instant;
import org.osprey.coordinator.codec.MessageDecoder;
import org.osprey.coordinator.codec.UndecodableException;
import org.osprey.coordinator.core.Action;
import org.osprey.coordinator.core.Action.Encoding;

/** Reads a record that is the decimal id of an action and nothing else. */
final class TestDecoder implements MessageDecoder {
  /** The one value that makes this decoder fail as a bug would. */
  static final String BUG = "bug";

  @Override
  public Action decode(byte[] data, Attributes attributes, Instant publishedAt)
      throws UndecodableException {
    String text = new String(data, UTF_8);
    if (text.equals(BUG)) {
      throw new IllegalStateException("a bug");
    }
    try {
      long id = Long.parseUnsignedLong(text.strip());
      return new Action(id, "test_action", Encoding.JSON, data, null, publishedAt);
    } catch (NumberFormatException e) {
      throw new UndecodableException("is not a number");
    }
  }
}
