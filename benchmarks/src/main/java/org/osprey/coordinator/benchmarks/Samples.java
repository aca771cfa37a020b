package org.osprey.coordinator.benchmarks;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.protobuf.ByteString;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.msgpack.core.MessageBufferPacker;
import org.msgpack.core.MessagePack;
import org.osprey.coordinator.proto.actions.v1.Action;

/** The same action of about 200 bytes of data in every form that sources send. */
final class Samples {
  private static final String TEXT = "The quick brown fox jumps over the lazy dog. ";

  private Samples() {}

  /** A JSON object of exactly this many bytes. */
  static byte[] object(int bytes) {
    String start = "{\"user_id\":\"1234567890\",\"count\":42,\"new\":true,\"text\":\"";
    String end = "\"}";
    int room = bytes - start.length() - end.length();
    return (start + TEXT.repeat(bytes / TEXT.length() + 1).substring(0, room) + end)
        .getBytes(UTF_8);
  }

  static byte[] json() {
    return ("{\"id\":\"123456789012345678\",\"name\":\"user_login\",\"data\":"
            + new String(object(200), UTF_8)
            + "}")
        .getBytes(UTF_8);
  }

  static byte[] sentJson() {
    return ("{\"send_time\":\"2026-11-21T10:15:30Z\",\"data\":{\"action_id\":\"123456789012345678\","
            + "\"action_name\":\"user_login\",\"data\":"
            + new String(object(200), UTF_8)
            + "}}")
        .getBytes(UTF_8);
  }

  static byte[] msgpackString() {
    try (MessageBufferPacker packer = MessagePack.newDefaultBufferPacker()) {
      packer.packString(new String(json(), UTF_8));
      return packer.toByteArray();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static byte[] msgpack() {
    try (MessageBufferPacker packer = MessagePack.newDefaultBufferPacker()) {
      packer.packMapHeader(3);
      packer.packString("id").packLong(123_456_789_012_345_678L);
      packer.packString("name").packString("user_login");
      packer.packString("data").packMapHeader(4);
      packer.packString("user_id").packString("1234567890");
      packer.packString("count").packInt(42);
      packer.packString("new").packBoolean(true);
      packer.packString("text").packString(TEXT.repeat(3));
      return packer.toByteArray();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static byte[] proto() {
    return Action.newBuilder()
        .setId(123_456_789_012_345_678L)
        .setGuildCreated(ByteString.copyFrom(object(200)))
        .build()
        .toByteArray();
  }
}
