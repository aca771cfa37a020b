package org.osprey.coordinator.codec;

/** The forms that can be told apart by the first byte. */
enum MessageForm {
  JSON_TEXT,
  MSGPACK_STRING,
  MSGPACK_MAP,
  UNKNOWN;

  static MessageForm of(byte[] message) {
    if (message.length == 0) {
      return UNKNOWN;
    }
    int first = message[0] & 0xff;
    return switch (first) {
      case '{', ' ', '\t', '\n', '\r' -> afterBlanks(message);
      case 0xd9, 0xda, 0xdb -> MSGPACK_STRING;
      case 0xde, 0xdf -> MSGPACK_MAP;
      default -> shortMsgpack(first);
    };
  }

  private static MessageForm afterBlanks(byte[] message) {
    for (byte next : message) {
      if (next == '{') {
        return JSON_TEXT;
      }
      if (next != ' ' && next != '\t' && next != '\n' && next != '\r') {
        return UNKNOWN;
      }
    }
    return UNKNOWN;
  }

  /** Msgpack puts the length of short strings and maps into the first byte. */
  private static MessageForm shortMsgpack(int first) {
    if ((first & 0xe0) == 0xa0) {
      return MSGPACK_STRING;
    }
    return (first & 0xf0) == 0x80 ? MSGPACK_MAP : UNKNOWN;
  }
}
