package org.osprey.coordinator.rpc;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Timestamp;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.osprey.coordinator.core.Action;
import org.osprey.coordinator.core.Action.Encoding;
import org.osprey.coordinator.core.ActionNames;
import org.osprey.coordinator.core.Delivery;
import org.osprey.coordinator.core.Dispatcher;
import org.osprey.coordinator.core.DispatcherSettings;
import org.osprey.coordinator.core.InMemoryDeadLetters;
import org.osprey.coordinator.core.Lease;
import org.osprey.coordinator.core.Outcome;
import org.osprey.coordinator.core.Target;
import org.osprey.coordinator.core.Ticker;
import org.osprey.coordinator.core.WorkerStream;
import org.osprey.coordinator.proto.bidirectional_stream.v1.OspreyCoordinatorAction;
import org.osprey.coordinator.proto.common.v1.Verdicts;
import org.osprey.coordinator.proto.sync_action.v1.ProcessActionResponse;

class MessagesTest {
  private static final byte[] PAYLOAD = "{\"a\":\"\u00fc\"}".getBytes(UTF_8);

  private final Deque<Lease> leases = new ArrayDeque<>();
  private final Dispatcher dispatcher =
      new Dispatcher(
          DispatcherSettings.DEFAULTS,
          Ticker.system(),
          InstantSource.system(),
          new Random(1),
          new InMemoryDeadLetters(),
          null);
  private final WorkerStream stream =
      dispatcher.connect("worker", ActionNames.ALL, 1, new Collecting());

  private final class Collecting implements Target {
    @Override
    public void lease(Lease lease) {
      leases.add(lease);
    }

    @Override
    public void end() {}
  }

  @Test
  void aJsonActionWithoutASecret() throws InvalidProtocolBufferException {
    assertRoundTrip(new Action(1, "a", Encoding.JSON, PAYLOAD, null, Instant.ofEpochSecond(5, 6)));
  }

  @Test
  void aProtobufActionWithASecret() throws InvalidProtocolBufferException {
    byte[] secret = "{}".getBytes(UTF_8);
    assertRoundTrip(
        new Action(Long.MIN_VALUE, "a", Encoding.PROTO, PAYLOAD, secret, Instant.EPOCH));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "1969-12-31T23:59:59.999999999Z",
        "0001-01-01T00:00:00Z",
        "9999-12-31T23:59:59.999999999Z",
        "1970-01-01T00:00:00Z"
      })
  void anyTimestamp(String time) throws InvalidProtocolBufferException {
    assertRoundTrip(new Action(-1, "a", Encoding.JSON, PAYLOAD, null, Instant.parse(time)));
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 20_261_121})
  void anyAction(long seed) throws InvalidProtocolBufferException {
    RandomMessages messages = new RandomMessages(seed);
    for (int i = 0; i < 5_000; i++) {
      Timestamp time = messages.timestamp();
      assertRoundTrip(
          new Action(
              messages.id(),
              "n" + messages.text(),
              messages.chance(2) ? Encoding.JSON : Encoding.PROTO,
              messages.bytes(200),
              messages.chance(2) ? null : messages.bytes(200),
              Instant.ofEpochSecond(time.getSeconds(), time.getNanos())));
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void anyVerdicts(long seed) throws InvalidProtocolBufferException {
    RandomMessages messages = new RandomMessages(seed);
    for (int i = 0; i < 5_000; i++) {
      Verdicts verdicts = messages.verdicts();
      assertEquals(
          ProcessActionResponse.newBuilder().setVerdicts(verdicts).build(),
          response(verdicts.toByteArray()));
    }
  }

  @Test
  void noVerdictsLeaveTheFieldUnset() throws InvalidProtocolBufferException {
    assertFalse(response(null).hasVerdicts());
    assertEquals(
        ProcessActionResponse.newBuilder().setVerdicts(Verdicts.getDefaultInstance()).build(),
        response(new byte[0]));
  }

  private static ProcessActionResponse response(byte @Nullable [] verdicts)
      throws InvalidProtocolBufferException {
    return ProcessActionResponse.parseFrom(Messages.response(verdicts));
  }

  private void assertRoundTrip(Action action) throws InvalidProtocolBufferException {
    Lease lease = lease(action);
    assertEquals(
        expected(lease.ackId(), action), OspreyCoordinatorAction.parseFrom(Messages.action(lease)));
  }

  private static OspreyCoordinatorAction expected(long ackId, Action action) {
    OspreyCoordinatorAction.Builder expected =
        OspreyCoordinatorAction.newBuilder()
            .setAckId(ackId)
            .setActionId(action.id())
            .setActionName(action.name())
            .setTimestamp(timestamp(action.timestamp()));
    ByteString payload = ByteString.copyFrom(action.payload());
    switch (action.encoding()) {
      case JSON -> expected.setJsonActionData(payload);
      case PROTO -> expected.setProtoActionData(payload);
    }
    byte[] secret = action.secret();
    if (secret != null) {
      expected.setJsonSecretData(ByteString.copyFrom(secret));
    }
    return expected.build();
  }

  private static Timestamp timestamp(Instant time) {
    long seconds = time.getEpochSecond();
    int nanos = time.getNano();
    return Timestamp.newBuilder().setSeconds(seconds).setNanos(nanos).build();
  }

  private Lease lease(Action action) {
    dispatcher.offer(Delivery.async(action, "test", null, outcome -> {}));
    Lease lease = leases.remove();
    dispatcher.ack(stream, lease.ackId(), Outcome.Acked.EMPTY);
    return lease;
  }
}
