package org.osprey.coordinator.rpc;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.MessageLite;
import com.google.protobuf.UnknownFieldSet;
import java.util.Arrays;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.osprey.coordinator.core.Outcome;
import org.osprey.coordinator.proto.bidirectional_stream.v1.Ack;
import org.osprey.coordinator.proto.bidirectional_stream.v1.AckOrNack;
import org.osprey.coordinator.proto.bidirectional_stream.v1.ActionRequest;
import org.osprey.coordinator.proto.bidirectional_stream.v1.ClientDetails;
import org.osprey.coordinator.proto.bidirectional_stream.v1.Nack;
import org.osprey.coordinator.proto.bidirectional_stream.v1.Request;
import org.osprey.coordinator.proto.common.v1.ExecutionResult;
import org.osprey.coordinator.proto.common.v1.Verdicts;

/** Holds the reading by hand against the classes that protoc generated. */
class WorkerMessageTest {
  private static final int ROUNDS = 5_000;

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 20_261_121})
  void readsWhatTheGeneratedClassesWrote(long seed) throws InvalidProtocolBufferException {
    RandomMessages messages = new RandomMessages(seed);
    for (int i = 0; i < ROUNDS; i++) {
      Request request = messages.request();
      assertSays(request, WorkerMessage.read(request.toByteArray()));
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void theLastOfTwoRequestsInOneCounts(long seed) throws InvalidProtocolBufferException {
    RandomMessages messages = new RandomMessages(seed);
    for (int i = 0; i < ROUNDS; i++) {
      Request last = messages.request();
      byte[] both = concat(messages.request().toByteArray(), last.toByteArray());
      assertSays(last, WorkerMessage.read(both));
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 20_261_121})
  void whateverIsReadIsAMessageOrAnInvalidOne(long seed) {
    RandomMessages messages = new RandomMessages(seed);
    int read = 0;
    for (int i = 0; i < ROUNDS; i++) {
      byte[] bytes =
          i % 4 == 0 ? messages.bytes(60) : messages.bent(messages.request().toByteArray());
      read += reads(bytes) ? 1 : 0;
    }
    assertTrue(read > ROUNDS / 20 && read < ROUNDS * 19 / 20, "one-sided, read " + read);
  }

  /** What cannot be parsed must not pass; the parts that are passed on unread are left out. */
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void refusesWhatTheGeneratedClassesRefuse(long seed) {
    RandomMessages messages = new RandomMessages(seed);
    for (int i = 0; i < ROUNDS; i++) {
      byte[] bytes = messages.bent(withoutParts(messages.request()).toByteArray());
      if (!parses(bytes)) {
        assertThrows(
            InvalidProtocolBufferException.class,
            () -> WorkerMessage.read(bytes),
            () -> HexFormat.of().formatHex(bytes));
      }
    }
  }

  @Test
  void aTruncatedMessageIsInvalidWhereverItWasCut() {
    byte[] whole =
        request(AckOrNack.newBuilder().setAckId(7).setAck(Ack.newBuilder().setVerdicts(verdicts())))
            .toByteArray();
    for (int length = 0; length < whole.length; length++) {
      byte[] cut = Arrays.copyOf(whole, length);
      assertThrows(InvalidProtocolBufferException.class, () -> WorkerMessage.read(cut));
    }
  }

  @Test
  void anAckWithoutAnythingInItIsAnAck() throws InvalidProtocolBufferException {
    Request request = request(AckOrNack.newBuilder().setAckId(-1).setAck(Ack.newBuilder()));
    assertEquals(
        new WorkerMessage.Answer(-1, Outcome.Acked.EMPTY),
        WorkerMessage.read(request.toByteArray()));
  }

  @Test
  void emptyVerdictsAreNotNoVerdicts() throws InvalidProtocolBufferException {
    Ack.Builder ack = Ack.newBuilder().setVerdicts(Verdicts.getDefaultInstance());
    Outcome.Acked acked = acked(request(AckOrNack.newBuilder().setAck(ack)));
    assertArrayEquals(new byte[0], acked.verdicts());
    assertNull(acked.executionResult());
  }

  @Test
  void ofAckAndNackTheLastCounts() throws InvalidProtocolBufferException {
    AckOrNack ack = AckOrNack.newBuilder().setAckId(1).setAck(Ack.newBuilder()).build();
    AckOrNack nack = AckOrNack.newBuilder().setAckId(2).setNack(Nack.newBuilder()).build();
    assertEquals(new WorkerMessage.Answer(2, null), WorkerMessage.read(answering(ack, nack)));
    assertEquals(
        new WorkerMessage.Answer(1, Outcome.Acked.EMPTY), WorkerMessage.read(answering(nack, ack)));
  }

  @Test
  void ofInitialAndAnswerTheLastCounts() throws InvalidProtocolBufferException {
    byte[] initial =
        ActionRequest.newBuilder()
            .setInitial(ClientDetails.newBuilder().setId("w"))
            .build()
            .toByteArray();
    byte[] answer =
        ActionRequest.newBuilder()
            .setAckOrNack(AckOrNack.newBuilder().setNack(Nack.newBuilder()))
            .build()
            .toByteArray();
    assertEquals(
        new WorkerMessage.Initial("w"), WorkerMessage.read(field(1, concat(answer, initial))));
    assertEquals(
        new WorkerMessage.Answer(0, null), WorkerMessage.read(field(1, concat(initial, answer))));
  }

  @ParameterizedTest
  @CsvSource({
    "'', request: nothing is set",
    "0a00, request.action_request: nothing is set",
    "0a021200, ack_or_nack: neither ack nor nack is set",
    "12020a00, ack_or_nack: neither ack nor nack is set",
    "1a00, request: nothing is set"
  })
  void aMessageThatSaysNothingIsInvalid(String hex, String problem) {
    assertEquals(
        problem, assertThrows(InvalidProtocolBufferException.class, () -> read(hex)).getMessage());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "00", // field number 0
        "0f", // wire type 7
        "0affffffff0f", // negative length
        "0affffffff07", // two gigabytes
        "12000c", // the end of a group that never began
        "0a060a040a02ffff", // an id that is no UTF-8
        "0a030a010c",
        "12040a021a000c",
        "12030a010c",
        "0a0712051203120114", // verdicts that only end a group
        "1300", // a group that does not end
        "130c", // a group that another one ends
        "8080808080808080808001" // a tag that does not end
      })
  void garbageIsInvalid(String hex) {
    assertThrows(InvalidProtocolBufferException.class, () -> read(hex));
  }

  @Test
  void groupsWithoutEndAreInvalidAndDoNotExhaustTheStack() {
    byte[] groups = new byte[1 << 20];
    Arrays.fill(groups, (byte) 0x1b);
    assertThrows(InvalidProtocolBufferException.class, () -> WorkerMessage.read(groups));
    byte[] inVerdicts = field(1, field(2, field(2, field(2, groups))));
    assertThrows(InvalidProtocolBufferException.class, () -> WorkerMessage.read(inVerdicts));
  }

  private static void assertSays(Request expected, WorkerMessage read)
      throws InvalidProtocolBufferException {
    switch (read) {
      case WorkerMessage.Initial initial -> {
        assertTrue(expected.getActionRequest().hasInitial());
        assertEquals(expected.getActionRequest().getInitial().getId(), initial.clientId());
      }
      case WorkerMessage.Answer answer -> {
        assertTrue(expected.getActionRequest().hasAckOrNack());
        assertSays(expected.getActionRequest().getAckOrNack(), answer);
      }
      case WorkerMessage.Leaving leaving -> {
        assertTrue(expected.hasDisconnect());
        assertEquals(expected.getDisconnect().hasAckOrNack(), leaving.answer() != null);
        if (leaving.answer() != null) {
          assertSays(expected.getDisconnect().getAckOrNack(), leaving.answer());
        }
      }
    }
  }

  private static void assertSays(AckOrNack expected, WorkerMessage.Answer answer)
      throws InvalidProtocolBufferException {
    assertEquals(expected.getAckId(), answer.ackId());
    Outcome.Acked acked = answer.acked();
    assertEquals(expected.hasAck(), acked != null);
    if (acked == null) {
      return;
    }
    assertEquals(expected.getAck().hasVerdicts(), acked.verdicts() != null);
    assertEquals(expected.getAck().hasExecutionResult(), acked.executionResult() != null);
    if (acked.verdicts() != null) {
      assertEquals(expected.getAck().getVerdicts(), Verdicts.parseFrom(acked.verdicts()));
    }
    if (acked.executionResult() != null) {
      assertEquals(
          expected.getAck().getExecutionResult(),
          ExecutionResult.parseFrom(acked.executionResult()));
    }
    if (acked.verdicts() == null && acked.executionResult() == null) {
      assertSame(Outcome.Acked.EMPTY, acked);
    }
  }

  private static Outcome.Acked acked(Request request) throws InvalidProtocolBufferException {
    Outcome.@Nullable Acked acked =
        assertInstanceOf(WorkerMessage.Answer.class, WorkerMessage.read(request.toByteArray()))
            .acked();
    assertNotNull(acked);
    return acked;
  }

  private static boolean reads(byte[] bytes) {
    try {
      WorkerMessage.read(bytes);
      return true;
    } catch (InvalidProtocolBufferException e) {
      return false;
    }
  }

  private static boolean parses(byte[] bytes) {
    try {
      return Request.parseFrom(bytes).isInitialized();
    } catch (InvalidProtocolBufferException e) {
      return false;
    }
  }

  private static Request withoutParts(Request request) {
    Request.Builder builder = request.toBuilder();
    if (request.getActionRequest().hasAckOrNack()) {
      empty(builder.getActionRequestBuilder().getAckOrNackBuilder());
    }
    if (request.getDisconnect().hasAckOrNack()) {
      empty(builder.getDisconnectBuilder().getAckOrNackBuilder());
    }
    return builder.build();
  }

  private static void empty(AckOrNack.Builder answer) {
    if (answer.hasAck()) {
      answer.setAck(Ack.newBuilder());
    } else {
      answer.setNack(Nack.newBuilder());
    }
  }

  private static Request request(AckOrNack.Builder answer) {
    return Request.newBuilder()
        .setActionRequest(ActionRequest.newBuilder().setAckOrNack(answer))
        .build();
  }

  private static Verdicts verdicts() {
    return Verdicts.newBuilder().setActionId(1).addVerdicts("ban").build();
  }

  private static byte[] answering(MessageLite first, MessageLite second) {
    return field(1, field(2, concat(first.toByteArray(), second.toByteArray())));
  }

  private static byte[] field(int number, byte[] value) {
    UnknownFieldSet.Field field =
        UnknownFieldSet.Field.newBuilder().addLengthDelimited(ByteString.copyFrom(value)).build();
    return UnknownFieldSet.newBuilder().addField(number, field).build().toByteArray();
  }

  private static byte[] concat(byte[] first, byte[] second) {
    return ByteString.copyFrom(first).concat(ByteString.copyFrom(second)).toByteArray();
  }

  private static WorkerMessage read(String hex) throws InvalidProtocolBufferException {
    return WorkerMessage.read(HexFormat.of().parseHex(hex));
  }
}
