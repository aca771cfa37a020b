package org.osprey.coordinator.codec;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import org.osprey.coordinator.core.Action;
import tools.jackson.core.io.JsonStringEncoder;

/** Puts an action back into the form in which it could have arrived as a message. */
public final class ActionEncoder {
  private ActionEncoder() {}

  /**
   * @return for a JSON payload the envelope with {@code id}, {@code name}, {@code data} and {@code
   *     secret_data}, the payload and the secret byte for byte; a proto payload as it is
   */
  public static byte[] encode(Action action) {
    return switch (action.encoding()) {
      case JSON -> wrap(action);
      case PROTO -> action.payload();
    };
  }

  /**
   * As {@link #encode}, but a JSON payload goes into the envelope that also has the time of
   * sending: the action's timestamp survives a broker that knows only when it stored the message.
   */
  public static byte[] encodeWithTime(Action action) {
    return switch (action.encoding()) {
      case JSON -> wrapWithTime(action);
      case PROTO -> action.payload();
    };
  }

  private static byte[] wrap(Action action) {
    ByteArrayOutputStream out = new ByteArrayOutputStream((int) action.size() + 128);
    write(out, "{\"id\":\"" + action.idText() + "\",\"name\":\"");
    writeRest(out, action);
    return out.toByteArray();
  }

  private static byte[] wrapWithTime(Action action) {
    ByteArrayOutputStream out = new ByteArrayOutputStream((int) action.size() + 192);
    write(out, "{\"send_time\":\"" + action.timestamp() + "\",\"data\":{\"action_id\":\"");
    write(out, action.idText() + "\",\"action_name\":\"");
    writeRest(out, action);
    write(out, "}");
    return out.toByteArray();
  }

  private static void writeRest(ByteArrayOutputStream out, Action action) {
    out.writeBytes(JsonStringEncoder.getInstance().quoteAsUTF8(action.name()));
    write(out, "\",\"data\":");
    out.writeBytes(action.payload());
    byte[] secret = action.secret();
    if (secret != null) {
      write(out, ",\"secret_data\":");
      out.writeBytes(secret);
    }
    write(out, "}");
  }

  private static void write(ByteArrayOutputStream out, String text) {
    out.writeBytes(text.getBytes(UTF_8));
  }
}
