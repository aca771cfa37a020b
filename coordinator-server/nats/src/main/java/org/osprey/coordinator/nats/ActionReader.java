package org.osprey.coordinator.nats;

import java.time.Instant;
import java.time.format.DateTimeParseException;
import org.jspecify.annotations.Nullable;
import org.osprey.coordinator.codec.JsonObjects;
import org.osprey.coordinator.codec.MessageDecoder;
import org.osprey.coordinator.codec.Names;
import org.osprey.coordinator.codec.UndecodableException;
import org.osprey.coordinator.core.Action;
import org.osprey.coordinator.core.IdGenerator;

/** Reads an action from a message: an envelope, or, where the subject has a name, bare JSON. */
final class ActionReader {
  static final String ID_HEADER = "action-id";
  private static final String NOT_BEFORE_HEADER = "not-before";

  private final MessageDecoder decoder;
  private final IdGenerator ids;
  private final SubjectNames names;

  /**
   * @param ids for bare JSON without an id in the headers
   */
  ActionReader(MessageDecoder decoder, IdGenerator ids, SubjectNames names) {
    this.decoder = decoder;
    this.ids = ids;
    this.names = names;
  }

  Action read(Received message) throws UndecodableException {
    try {
      String name = names.nameOf(message.subject());
      return name == null
          ? decoder.decode(message.data(), message::header, message.storedAt())
          : bare(name, message);
    } catch (RuntimeException e) {
      // A bug of ours must not make the message come for ever.
      throw new UndecodableException("decoder failed: " + e.getClass().getSimpleName(), e);
    }
  }

  private Action bare(String name, Received message) throws UndecodableException {
    JsonObjects.check(message.data());
    return new Action(
        id(message.header(ID_HEADER)),
        Names.check("action name", name),
        Action.Encoding.JSON,
        message.data(),
        null,
        message.storedAt(),
        notBefore(message.header(NOT_BEFORE_HEADER)));
  }

  private long id(@Nullable String text) throws UndecodableException {
    if (text == null || text.isEmpty()) {
      return ids.next();
    }
    try {
      long id = text.matches("[0-9]{1,20}") ? Long.parseUnsignedLong(text) : 0;
      if (id != 0 || text.equals("0")) {
        return id == 0 ? ids.next() : id;
      }
    } catch (NumberFormatException e) {
      // Said below.
    }
    throw new UndecodableException(ID_HEADER + " is not an unsigned 64-bit integer");
  }

  /** As in an envelope: RFC 3339, or milliseconds of the epoch. */
  private static @Nullable Instant notBefore(@Nullable String text) throws UndecodableException {
    if (text == null) {
      return null;
    }
    try {
      return text.matches("[0-9]{1,14}")
          ? Instant.ofEpochMilli(Long.parseLong(text))
          : Instant.parse(text);
    } catch (DateTimeParseException e) {
      throw new UndecodableException(NOT_BEFORE_HEADER + " is not an RFC 3339 time", e);
    }
  }
}
