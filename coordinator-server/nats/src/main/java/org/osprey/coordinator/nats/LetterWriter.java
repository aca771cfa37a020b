package org.osprey.coordinator.nats;

import io.nats.client.impl.Headers;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.osprey.coordinator.codec.ActionEncoder;
import org.osprey.coordinator.core.Action;
import org.osprey.coordinator.core.Action.Encoding;
import org.osprey.coordinator.core.DeadLetter;
import org.osprey.coordinator.core.DeadLetter.Undecoded;

/**
 * Turns a dead letter into a message that is no larger than the stream takes: the result goes
 * first, then key and attributes, the payload last.
 */
final class LetterWriter {
  private static final int LONGEST_DETAIL = 1000;

  /** From all to nothing but why. */
  private static final List<Parts> PREFERENCES =
      List.of(
          new Parts(true, true, true),
          new Parts(true, true, false),
          new Parts(true, false, false),
          new Parts(false, true, false),
          new Parts(false, false, false));

  private LetterWriter() {}

  /** What is stored. */
  @SuppressWarnings("ArrayRecordComponent") // opaque bytes, handed through
  record Written(Headers headers, byte[] body) {
    long size() {
      return (long) headers.serializedLength() + body.length;
    }
  }

  private record Parts(boolean payload, boolean attributes, boolean result) {}

  /**
   * @param limit bytes, headers included
   * @return the fullest form that fits, or else the smallest there is
   */
  static Written write(DeadLetter letter, long limit) {
    byte[] body =
        switch (letter.content()) {
          case DeadLetter.Decoded decoded -> ActionEncoder.encode(decoded.action());
          case Undecoded undecoded -> undecoded.data();
        };
    Written written = new Written(new Headers(), body);
    for (Parts parts : PREFERENCES) {
      written = write(letter, body, parts);
      if (written.size() <= limit) {
        return written;
      }
    }
    return written;
  }

  private static Written write(DeadLetter letter, byte[] body, Parts parts) {
    Headers headers = notes(letter);
    result(headers, letter.result(), parts.result);
    switch (letter.content()) {
      case DeadLetter.Decoded decoded -> action(headers, decoded.action());
      case Undecoded undecoded -> message(headers, undecoded, parts.attributes);
    }
    if (!parts.payload) {
      headers.put(LetterHeaders.PAYLOAD_BYTES, Integer.toString(body.length));
      return new Written(headers, new byte[0]);
    }
    return new Written(headers, body);
  }

  private static Headers notes(DeadLetter letter) {
    Headers headers = new Headers();
    headers.put(LetterHeaders.REASON, letter.reason().name());
    headers.put(LetterHeaders.DETAIL, shortText(letter.error()));
    headers.put(LetterHeaders.ORIGIN, shortText(letter.origin()));
    headers.put(LetterHeaders.SOURCE, shortText(letter.source()));
    headers.put(LetterHeaders.NACKS, Integer.toString(letter.nacks()));
    headers.put(LetterHeaders.DEATHS, Integer.toString(letter.deaths()));
    return headers;
  }

  private static void result(Headers headers, byte @Nullable [] result, boolean whole) {
    if (result != null && whole) {
      headers.put(LetterHeaders.RESULT, base64(result));
    } else if (result != null) {
      headers.put(LetterHeaders.RESULT_BYTES, Integer.toString(result.length));
    }
  }

  private static void action(Headers headers, Action action) {
    headers.put(LetterHeaders.ACTION_ID, action.idText());
    headers.put(LetterHeaders.ACTION_NAME, HeaderText.encode(action.name()));
    headers.put(LetterHeaders.TIMESTAMP, action.timestamp().toString());
    if (action.notBefore() != null) {
      headers.put(LetterHeaders.NOT_BEFORE, action.notBefore().toString());
    }
    if (action.encoding() == Encoding.PROTO) {
      headers.put(LetterHeaders.ENCODING, LetterHeaders.PROTO);
      byte[] secret = action.secret();
      if (secret != null) {
        headers.put(LetterHeaders.SECRET, base64(secret));
      }
    }
  }

  private static void message(Headers headers, Undecoded message, boolean whole) {
    headers.put(LetterHeaders.TIMESTAMP, message.timestamp().toString());
    byte[] key = message.key();
    if (!whole) {
      int leftOut = message.attributes().size() + (key == null ? 0 : 1);
      headers.put(LetterHeaders.ATTRIBUTES_LEFT_OUT, Integer.toString(leftOut));
      return;
    }
    if (key != null) {
      headers.put(LetterHeaders.KEY, base64(key));
    }
    message
        .attributes()
        .forEach(
            (name, value) ->
                headers.put(
                    LetterHeaders.ATTRIBUTE + HeaderText.encodeName(name),
                    HeaderText.encode(value)));
  }

  private static String shortText(String text) {
    return HeaderText.encode(text.substring(0, Math.min(text.length(), LONGEST_DETAIL)));
  }

  private static String base64(byte[] bytes) {
    return Base64.getEncoder().encodeToString(bytes);
  }
}
