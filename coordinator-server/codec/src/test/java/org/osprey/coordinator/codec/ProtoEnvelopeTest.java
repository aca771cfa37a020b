package org.osprey.coordinator.codec;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.osprey.coordinator.codec.Decoding.PUBLISHED_AT;
import static org.osprey.coordinator.codec.Decoding.decode;
import static org.osprey.coordinator.codec.Decoding.refusal;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnknownFieldSet;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.osprey.coordinator.proto.actions.v1.Action;

class ProtoEnvelopeTest {
  private static final ByteString BODY = ByteString.copyFromUtf8("any message");

  @Test
  void wholeMessageIsThePayload() throws UndecodableException {
    byte[] message = Action.newBuilder().setId(-1).setGuildJoined(BODY).build().toByteArray();
    org.osprey.coordinator.core.Action action = decode(message, "proto");
    assertEquals("18446744073709551615", action.idText());
    assertEquals("guild_joined", action.name());
    assertEquals(org.osprey.coordinator.core.Action.Encoding.PROTO, action.encoding());
    assertSame(message, action.payload());
    assertNull(action.secret());
    assertEquals(PUBLISHED_AT, action.timestamp());
  }

  @Test
  void goldenBytes() throws UndecodableException {
    org.osprey.coordinator.core.Action action = decode(hex("09 0100000000000080 42 00"), "proto");
    assertEquals("9223372036854775809", action.idText());
    assertEquals("user_blocked", action.name());
  }

  @Test
  void missingIdIsGenerated() throws UndecodableException {
    assertEquals("7", decode(hex("4200"), "proto").idText());
    assertEquals("7", decode(hex("09 0000000000000000 4200"), "proto").idText());
  }

  @ParameterizedTest
  @CsvSource({
    "4200 1200 09 0500000000000000, auth_session_created", // the last of several
    "1a00 d23e00, auth_session_modified", // unknown fields after it
    "d23e00 1a00, auth_session_modified", // unknown fields before it
    "1a00 4001, auth_session_modified", // number 8, but as a varint
    "1a00 0b0c 0801, auth_session_modified", // number 1, but as a group and as a varint
  })
  void oddButValid(String message, String name) throws UndecodableException {
    assertEquals(name, decode(hex(message), "proto").name());
  }

  @ParameterizedTest
  @CsvSource({
    "'', 'has no data field, so no action name'",
    "09 0500000000000000, 'has no data field, so no action name'",
    "7200, has unknown action number 14; its name can be configured",
    "d23e00, has unknown action number 1002; its name can be configured",
    "4001, has unknown action number 8; its name can be configured"
  })
  void nameless(String message, String problem) {
    assertEquals(problem, refusal(hex(message), "proto"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "09 05000000", // the id is cut short
        "42 05 01", // so is the body
        "42 ffffffff07", // a length of 2 GiB
        "42 ffffffffffffffffff01", // a negative length
        "42 00 00", // field number 0
        "42 00 17", // wire type 7
        "42 00 0c", // an end without a start
        "42 00 0b", // a start without an end
        "80"
      })
  void broken(String message) {
    String refusal = refusal(hex(message), "proto");
    assertTrue(refusal.startsWith("is not valid protobuf, first error at byte "), refusal);
  }

  @Test
  void deepGroups() {
    byte[] message = new byte[100_000];
    Arrays.fill(message, (byte) 0x0b);
    assertTrue(refusal(message, "proto").startsWith("is not valid protobuf"));
  }

  @Test
  void configuredNumber() throws UndecodableException {
    byte[] message =
        Action.newBuilder()
            .setUnknownFields(
                UnknownFieldSet.newBuilder()
                    .addField(
                        1002, UnknownFieldSet.Field.newBuilder().addLengthDelimited(BODY).build())
                    .build())
            .build()
            .toByteArray();
    ActionDecoder decoder =
        new ActionDecoder(() -> 3, ActionNumbers.BUILT_IN.with(Map.of(1002, "message_sent")));
    assertEquals(
        "message_sent", decoder.decode(message, Decoding.encoded("proto"), PUBLISHED_AT).name());
  }

  @Test
  void otherEncodings() {
    assertEquals("encoding is 'avro', want proto or none", refusal(hex("4200"), "avro"));
    assertEquals("encoding is 'PROTO', want proto or none", refusal(hex("4200"), "PROTO"));
    assertEquals("encoding is '', want proto or none", refusal(hex("4200"), ""));
    assertEquals(
        "encoding is '?????" + "x".repeat(35) + "', want proto or none",
        refusal(hex("4200"), "\n\u0000é\t " + "x".repeat(1000)));
  }

  @Test
  void protobufWithoutItsMark() {
    assertEquals(
        "is neither JSON nor msgpack nor marked encoding=proto",
        refusal(hex("09 0100000000000080 42 00")));
  }

  private static byte[] hex(String text) {
    return HexFormat.of().parseHex(text.replace(" ", ""));
  }
}
