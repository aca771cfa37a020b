package org.osprey.coordinator.nats;

import io.nats.client.api.MessageInfo;
import io.nats.client.impl.Headers;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.osprey.coordinator.codec.MessageDecoder;
import org.osprey.coordinator.codec.UndecodableException;
import org.osprey.coordinator.core.Action;
import org.osprey.coordinator.core.DeadLetter;
import org.osprey.coordinator.core.DeadLetter.Content;
import org.osprey.coordinator.core.DeadLetter.Decoded;
import org.osprey.coordinator.core.DeadLetter.Reason;
import org.osprey.coordinator.core.DeadLetter.Undecoded;
import org.osprey.coordinator.core.DeadLetterStore.StoredLetter;

/** Turns a stored message back into the dead letter it was, as far as it was stored. */
final class LetterReader {
  private final MessageDecoder decoder;

  LetterReader(MessageDecoder decoder) {
    this.decoder = decoder;
  }

  /** A message that {@link LetterWriter} did not write becomes a letter that is no action. */
  StoredLetter read(MessageInfo message) {
    Instant storedAt = message.getTime() == null ? Instant.EPOCH : message.getTime().toInstant();
    return new StoredLetter(
        Long.toString(message.getSeq()), storedAt, letter(new Fields(message, storedAt)));
  }

  private DeadLetter letter(Fields fields) {
    return new DeadLetter(
        fields.reason(),
        fields.text(LetterHeaders.SOURCE),
        fields.text(LetterHeaders.ORIGIN),
        content(fields),
        fields.number(LetterHeaders.NACKS),
        fields.number(LetterHeaders.DEATHS),
        fields.text(LetterHeaders.DETAIL),
        fields.bytes(LetterHeaders.RESULT));
  }

  private Content content(Fields fields) {
    String name = fields.text(LetterHeaders.ACTION_NAME);
    // An action without its payload must not be tried again as if it were whole.
    if (name.isEmpty() || fields.header(LetterHeaders.PAYLOAD_BYTES) != null) {
      return fields.message();
    }
    try {
      return new Decoded(
          LetterHeaders.PROTO.equals(fields.header(LetterHeaders.ENCODING))
              ? proto(name, fields)
              : json(name, fields));
    } catch (UndecodableException | RuntimeException e) {
      return fields.message();
    }
  }

  private static Action proto(String name, Fields fields) {
    return new Action(
        fields.id(),
        name,
        Action.Encoding.PROTO,
        fields.data,
        fields.bytes(LetterHeaders.SECRET),
        fields.time(LetterHeaders.TIMESTAMP),
        fields.notBefore());
  }

  private Action json(String name, Fields fields) throws UndecodableException {
    Instant timestamp = fields.time(LetterHeaders.TIMESTAMP);
    Action found = decoder.decode(fields.data, MessageDecoder.Attributes.NONE, timestamp);
    return new Action(
        fields.id(),
        name,
        Action.Encoding.JSON,
        found.payload(),
        found.secret(),
        timestamp,
        fields.notBefore());
  }

  /** What a message says, with something for everything that is missing or wrong. */
  private static final class Fields {
    private final byte[] data;
    private final @Nullable Headers headers;
    private final Instant storedAt;

    private Fields(MessageInfo message, Instant storedAt) {
      byte[] body = message.getData();
      data = body == null ? new byte[0] : body;
      headers = message.getHeaders();
      this.storedAt = storedAt;
    }

    private @Nullable String header(String name) {
      return headers == null ? null : headers.getLast(name);
    }

    private String text(String name) {
      String encoded = header(name);
      return encoded == null ? "" : HeaderText.decode(encoded);
    }

    private int number(String name) {
      String text = header(name);
      return text != null && text.matches("[0-9]{1,9}") ? Integer.parseInt(text) : 0;
    }

    private long id() {
      return Long.parseUnsignedLong(text(LetterHeaders.ACTION_ID));
    }

    private byte @Nullable [] bytes(String name) {
      String text = header(name);
      try {
        return text == null ? null : Base64.getDecoder().decode(text);
      } catch (IllegalArgumentException e) {
        return null;
      }
    }

    private Instant time(String name) {
      try {
        return Instant.parse(text(name));
      } catch (DateTimeException e) {
        return storedAt;
      }
    }

    private @Nullable Instant notBefore() {
      String name = LetterHeaders.NOT_BEFORE;
      return header(name) == null ? null : time(name);
    }

    private Reason reason() {
      String name = text(LetterHeaders.REASON);
      for (Reason reason : Reason.values()) {
        if (reason.name().equals(name)) {
          return reason;
        }
      }
      return Reason.UNDECODABLE;
    }

    private Undecoded message() {
      return new Undecoded(
          bytes(LetterHeaders.KEY), data, attributes(), time(LetterHeaders.TIMESTAMP));
    }

    /** With what was left out, which tells people where the payload is. */
    private Map<String, String> attributes() {
      Map<String, String> attributes = new LinkedHashMap<>();
      if (headers == null) {
        return attributes;
      }
      boolean ours = header(LetterHeaders.REASON) != null;
      headers.forEach(
          (name, values) -> {
            if (name.startsWith(LetterHeaders.ATTRIBUTE)) {
              String own = name.substring(LetterHeaders.ATTRIBUTE.length());
              attributes.put(HeaderText.decode(own), HeaderText.decode(values.getLast()));
            } else if (!ours || isAboutParts(name)) {
              attributes.put(name, values.getLast());
            }
          });
      return attributes;
    }

    private boolean isAboutParts(String name) {
      return switch (name) {
        case LetterHeaders.PAYLOAD_BYTES, LetterHeaders.ATTRIBUTES_LEFT_OUT -> true;
        case LetterHeaders.ACTION_ID, LetterHeaders.ACTION_NAME -> true;
        default -> false;
      };
    }
  }
}
