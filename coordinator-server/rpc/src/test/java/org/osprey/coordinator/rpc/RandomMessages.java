package org.osprey.coordinator.rpc;

import com.google.protobuf.ByteString;
import com.google.protobuf.Message;
import com.google.protobuf.Timestamp;
import com.google.protobuf.UnknownFieldSet;
import java.util.Random;
import org.osprey.coordinator.proto.bidirectional_stream.v1.Ack;
import org.osprey.coordinator.proto.bidirectional_stream.v1.AckOrNack;
import org.osprey.coordinator.proto.bidirectional_stream.v1.ActionRequest;
import org.osprey.coordinator.proto.bidirectional_stream.v1.ClientDetails;
import org.osprey.coordinator.proto.bidirectional_stream.v1.Disconnect;
import org.osprey.coordinator.proto.bidirectional_stream.v1.Nack;
import org.osprey.coordinator.proto.bidirectional_stream.v1.Request;
import org.osprey.coordinator.proto.common.v1.ExecutionResult;
import org.osprey.coordinator.proto.common.v1.Verdicts;

/**
 * Every shape of message that a client of today, or of tomorrow, may send; one seed, one series.
 */
final class RandomMessages {
  private static final long FIRST_SECOND = -62_135_596_800L;
  private static final long LAST_SECOND = 253_402_300_799L;

  private final Random random;

  RandomMessages(long seed) {
    random = new Random(seed);
  }

  Request request() {
    Request.Builder request = Request.newBuilder();
    if (random.nextInt(4) == 0) {
      Disconnect.Builder disconnect = Disconnect.newBuilder();
      if (random.nextBoolean()) {
        disconnect.setAckOrNack(answer());
      }
      request.setDisconnect(withUnknown(disconnect));
    } else {
      request.setActionRequest(actionRequest());
    }
    return withUnknown(request).build();
  }

  private ActionRequest.Builder actionRequest() {
    ActionRequest.Builder request = ActionRequest.newBuilder();
    if (random.nextInt(4) == 0) {
      request.setInitial(withUnknown(ClientDetails.newBuilder().setId(text())));
    } else {
      request.setAckOrNack(answer());
    }
    return withUnknown(request);
  }

  AckOrNack answer() {
    AckOrNack.Builder answer = AckOrNack.newBuilder().setAckId(id());
    if (random.nextInt(4) == 0) {
      answer.setNack(withUnknown(Nack.newBuilder()));
    } else {
      answer.setAck(ack());
    }
    return withUnknown(answer).build();
  }

  private Ack.Builder ack() {
    Ack.Builder ack = Ack.newBuilder();
    if (random.nextBoolean()) {
      ack.setVerdicts(verdicts());
    }
    if (random.nextBoolean()) {
      ack.setExecutionResult(executionResult());
    }
    return withUnknown(ack);
  }

  Verdicts verdicts() {
    Verdicts.Builder verdicts = Verdicts.newBuilder();
    for (int i = random.nextInt(3); i > 0; i--) {
      verdicts.addVerdicts(text());
    }
    if (random.nextBoolean()) {
      verdicts.setActionId(id()).setActionName(text()).setTimestamp(timestamp());
    }
    return withUnknown(verdicts).build();
  }

  private ExecutionResult.Builder executionResult() {
    ExecutionResult.Builder result = ExecutionResult.newBuilder();
    if (random.nextBoolean()) {
      result.setActionId(id()).setActionDataJson(text()).setSync(true);
    }
    return withUnknown(result);
  }

  Timestamp timestamp() {
    long seconds =
        switch (random.nextInt(5)) {
          case 0 -> 0;
          case 1 -> FIRST_SECOND;
          case 2 -> LAST_SECOND;
          default -> random.nextLong(FIRST_SECOND, LAST_SECOND + 1);
        };
    int nanos = random.nextBoolean() ? 0 : random.nextInt(1_000_000_000);
    return Timestamp.newBuilder().setSeconds(seconds).setNanos(nanos).build();
  }

  long id() {
    return switch (random.nextInt(5)) {
      case 0 -> 0;
      case 1 -> -1;
      case 2 -> Long.MIN_VALUE;
      default -> random.nextLong();
    };
  }

  String text() {
    return switch (random.nextInt(4)) {
      case 0 -> "";
      case 1 -> "gr\u00fc\u00dfe \ud83d\ude80";
      case 2 -> "x".repeat(random.nextInt(300));
      default -> "worker-" + random.nextInt();
    };
  }

  byte[] bytes(int maxLength) {
    byte[] bytes = new byte[random.nextInt(maxLength)];
    random.nextBytes(bytes);
    return bytes;
  }

  /** Cuts, turns and inserts bytes. */
  byte[] bent(byte[] message) {
    byte[] bent = message.clone();
    for (int i = random.nextInt(4); i > 0 && bent.length > 0; i--) {
      bent[random.nextInt(bent.length)] = (byte) random.nextInt();
    }
    int kept = random.nextBoolean() ? bent.length : random.nextInt(bent.length + 1);
    return ByteString.copyFrom(bent, 0, kept).toByteArray();
  }

  boolean chance(int oneIn) {
    return random.nextInt(oneIn) == 0;
  }

  /** Fields that a later version of the .proto file may have, of every wire type. */
  <B extends Message.Builder> B withUnknown(B builder) {
    if (random.nextInt(3) == 0) {
      builder.setUnknownFields(unknown(2));
    }
    return builder;
  }

  private UnknownFieldSet unknown(int depth) {
    UnknownFieldSet.Field.Builder field =
        UnknownFieldSet.Field.newBuilder()
            .addVarint(random.nextLong())
            .addFixed32(random.nextInt())
            .addFixed64(random.nextLong())
            .addLengthDelimited(ByteString.copyFrom(bytes(20)));
    if (depth > 0) {
      field.addGroup(unknown(depth - 1));
    }
    int number = 20 + random.nextInt(1_000_000);
    return UnknownFieldSet.newBuilder().addField(number, field.build()).build();
  }
}
