package org.osprey.coordinator.rpc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import com.google.protobuf.Timestamp;
import com.google.protobuf.UInt64Value;
import java.time.Instant;
import java.util.Arrays;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.osprey.coordinator.codec.UndecodableException;
import org.osprey.coordinator.core.Action;
import org.osprey.coordinator.core.CountingIds;
import org.osprey.coordinator.proto.sync_action.v1.ProcessActionRequest;

class SyncRequestTest {
  private static final int ROUNDS = 5_000;

  private final CountingIds ids = new CountingIds();

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 20_261_121})
  void readsWhatTheGeneratedClassesWrote(long seed) throws UndecodableException {
    RandomMessages messages = new RandomMessages(seed);
    for (int i = 0; i < ROUNDS; i++) {
      ProcessActionRequest request = request(messages);
      assertSays(request, read(request.toByteArray()));
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void ofAFieldThatComesTwiceTheLastCounts(long seed) throws UndecodableException {
    RandomMessages messages = new RandomMessages(seed);
    for (int i = 0; i < ROUNDS; i++) {
      ProcessActionRequest last = request(messages);
      if (last.hasActionId()) {
        assertSays(last, read(concat(request(messages), last)));
      }
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 20_261_121})
  void whateverIsReadIsAnActionOrUndecodable(long seed) {
    RandomMessages messages = new RandomMessages(seed);
    int read = 0;
    for (int i = 0; i < ROUNDS; i++) {
      byte[] bytes =
          i % 4 == 0 ? messages.bytes(60) : messages.bent(request(messages).toByteArray());
      read += reads(bytes) ? 1 : 0;
    }
    assertTrue(read > ROUNDS / 50 && read < ROUNDS * 19 / 20, "one-sided, read " + read);
  }

  @Test
  void anAbsentOrZeroIdIsMadeHere() throws UndecodableException {
    assertEquals(1, read(good().clearActionId()).id());
    assertEquals(2, read(good().setActionId(UInt64Value.of(0))).id());
    assertEquals(-1, read(good().setActionId(UInt64Value.of(-1))).id());
  }

  @ParameterizedTest
  @ValueSource(longs = {-62_135_596_800L, -1, 0, 253_402_300_799L})
  void theYearsOneTo9999AreTaken(long seconds) throws UndecodableException {
    Timestamp last = Timestamp.newBuilder().setSeconds(seconds).setNanos(999_999_999).build();
    assertEquals(
        Instant.ofEpochSecond(seconds, 999_999_999), read(good().setTimestamp(last)).timestamp());
  }

  @ParameterizedTest
  @ValueSource(longs = {-62_135_596_801L, 253_402_300_800L, Long.MIN_VALUE, Long.MAX_VALUE})
  void otherYearsAreNot(long seconds) {
    assertEquals(
        "timestamp.seconds is %d, want -62135596800 to 253402300799 (years 1 to 9999)"
            .formatted(seconds),
        problem(good().setTimestamp(Timestamp.newBuilder().setSeconds(seconds))));
  }

  @ParameterizedTest
  @ValueSource(ints = {-1, 1_000_000_000, Integer.MIN_VALUE, Integer.MAX_VALUE})
  void nanosAreLessThanASecond(int nanos) {
    assertEquals(
        "timestamp.nanos is %d, want 0 to 999999999".formatted(nanos),
        problem(good().setTimestamp(Timestamp.newBuilder().setNanos(nanos))));
  }

  @Test
  void aMissingFieldIsNamed() {
    assertEquals("timestamp is missing", problem(good().clearTimestamp()));
    assertEquals("action_name has 0 characters, want 1 to 256", problem(good().clearActionName()));
    assertTrue(problem(good().clearActionDataJson()).startsWith("action_data_json "));
  }

  @ParameterizedTest
  @ValueSource(strings = {"[]", "{", "{} {}", "null", "{\"a\":NaN}"})
  void theDataIsOneJsonObject(String json) {
    assertTrue(problem(good().setActionDataJson(json)).startsWith("action_data_json "));
  }

  @ParameterizedTest
  @CsvSource({
    "1201ff, action_name is not valid UTF-8",
    "0c, request is no ProcessActionRequest",
    "0a010c, request is no ProcessActionRequest",
    "2a010c, request is no ProcessActionRequest",
    "0affffffff0f, request is no ProcessActionRequest",
    "0a0a08, request is no ProcessActionRequest"
  })
  void garbageIsNamed(String hex, String problem) {
    String message = problem(HexFormat.of().parseHex(hex));
    assertTrue(message.startsWith(problem), message);
  }

  @Test
  void groupsWithoutEndDoNotExhaustTheStack() {
    byte[] groups = new byte[1 << 20];
    Arrays.fill(groups, (byte) 0x1b);
    assertTrue(problem(groups).startsWith("request is no ProcessActionRequest"));
  }

  private static ProcessActionRequest request(RandomMessages messages) {
    ProcessActionRequest.Builder request =
        ProcessActionRequest.newBuilder()
            .setActionName("name_" + messages.chance(2))
            .setActionDataJson("{\"text\":\"" + messages.text() + "\"}")
            .setTimestamp(messages.withUnknown(messages.timestamp().toBuilder()));
    if (!messages.chance(3)) {
      request.setActionId(messages.withUnknown(UInt64Value.newBuilder().setValue(messages.id())));
    }
    return messages.withUnknown(request).build();
  }

  private static ProcessActionRequest.Builder good() {
    return ProcessActionRequest.newBuilder()
        .setActionId(UInt64Value.of(7))
        .setActionName("user_login")
        .setActionDataJson("{}")
        .setTimestamp(Timestamp.getDefaultInstance());
  }

  private static void assertSays(ProcessActionRequest expected, Action action) {
    long id = expected.getActionId().getValue();
    if (id != 0) {
      assertEquals(id, action.id());
    }
    assertEquals(expected.getActionName(), action.name());
    assertEquals(expected.getActionDataJsonBytes(), ByteString.copyFrom(action.payload()));
    assertEquals(Action.Encoding.JSON, action.encoding());
    assertNull(action.secret());
    Timestamp time = expected.getTimestamp();
    assertEquals(Instant.ofEpochSecond(time.getSeconds(), time.getNanos()), action.timestamp());
  }

  private static byte[] concat(ProcessActionRequest first, ProcessActionRequest second) {
    return first.toByteString().concat(second.toByteString()).toByteArray();
  }

  private boolean reads(byte[] bytes) {
    try {
      read(bytes);
      return true;
    } catch (UndecodableException e) {
      return false;
    }
  }

  private Action read(ProcessActionRequest.Builder request) throws UndecodableException {
    return read(request.build().toByteArray());
  }

  private Action read(byte[] bytes) throws UndecodableException {
    return SyncRequest.read(bytes, ids);
  }

  private String problem(ProcessActionRequest.Builder request) {
    return problem(request.build().toByteArray());
  }

  private String problem(byte[] bytes) {
    return String.valueOf(assertThrows(UndecodableException.class, () -> read(bytes)).getMessage());
  }
}
