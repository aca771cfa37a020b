package org.osprey.coordinator.it;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.google.protobuf.ByteString;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.osprey.coordinator.core.Action;
import org.osprey.coordinator.kafka.KafkaBroker;
import org.osprey.coordinator.kafka.KafkaSettings;
import org.osprey.coordinator.proto.bidirectional_stream.v1.OspreyCoordinatorAction;

/** Row R31 of the fault table, for records: what is good and what is not, and where each ends. */
class KafkaBadInputTest {
  private static final String TOPIC = "actions";
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final String LARGEST_ID = "18446744073709551615";

  private final RecordLedger ledger = new RecordLedger();
  private final Map<String, OspreyCoordinatorAction> seen = new ConcurrentHashMap<>();

  /**
   * @param name the record's key, and the name of an action that is good
   * @param value null for a tombstone
   * @param payload what the worker should see, or null when it should see nothing
   */
  private record Input(String name, @Nullable ByteString value, @Nullable ByteString payload) {

    static Input good(String name, String fields, String data) {
      String value = "{%s\"name\":\"%s\",\"data\":%s}".formatted(fields, name, data);
      return new Input(name, ByteString.copyFromUtf8(value), ByteString.copyFromUtf8(data));
    }

    static Input bad(String name, String value) {
      return new Input(name, ByteString.copyFromUtf8(value), null);
    }

    /** An envelope that is well but for its data. */
    static Input badData(String name, String data) {
      return bad(name, "{\"name\":\"%s\",\"data\":%s}".formatted(name, data));
    }

    static Input badId(String name, String id) {
      return bad(name, "{\"id\":%s,\"name\":\"%s\",\"data\":{}}".formatted(id, name));
    }
  }

  @Test
  void r31EachInputEndsWhereItBelongs() {
    List<Input> inputs = new ArrayList<>(good());
    inputs.addAll(bad());
    try (KafkaBroker broker = KafkaBroker.start();
        KafkaTopics topics = new KafkaTopics(broker)) {
      topics.create(TOPIC, 1);
      for (Input input : inputs) {
        ByteString value = input.value();
        topics.send(TOPIC, 0, input.name(), value == null ? null : value.toByteArray(), ledger);
      }
      topics.flush();
      KafkaSettings settings =
          KafkaSettings.builder(broker.bootstrapServers(), TOPIC, TOPIC).build();
      try (KafkaCoordinator coordinator = KafkaCoordinator.start(settings, ledger, Action::name)) {
        RawWorker worker = coordinator.tester().worker();
        worker.handling(action -> handle(worker, action));
        await().atMost(PATIENCE).until(() -> ledger.allCommitted(topics.committed(TOPIC)));
        assertEquals(bad().size(), coordinator.source().stats().undecodable());
      }
      Map<Integer, Long> committed = topics.committed(TOPIC);
      topics.readDeadLetters(TOPIC, ledger);
      ledger.report("R31 inputs=" + inputs.size(), committed);
      ledger.check(committed);
      assertDeadLettersAreRaw(topics);
    }
    inputs.forEach(this::assertEndedWell);
    assertEquals(good().size(), seen.size());
    assertEquals(0, ledger.duplicates());
    assertEquals(-1, action("id_of_64_bits").getActionId());
    assertEquals(Long.MIN_VALUE + 1, action("id_of_64_bits_as_number").getActionId());
  }

  private static List<Input> good() {
    return List.of(
        Input.good("plain", "", "{\"a\":1}"),
        Input.good("id_of_64_bits", "\"id\":\"%s\",".formatted(LARGEST_ID), "{}"),
        Input.good("id_of_64_bits_as_number", "\"id\":9223372036854775809,", "{}"),
        Input.good("null_id", "\"id\":null,", "{}"),
        Input.good("duplicate_keys", "", "{\"a\":1,\"a\":2}"),
        Input.good("escaped_nul", "", "{\"a\":\"\\u0000\"}"),
        Input.good("white_space", "", "{ \"a\" :\n[ 1e400 ] }"),
        Input.good("deep", "", nested(400)),
        Input.good("large", "", "{\"a\":\"%s\"}".formatted("x".repeat(900 << 10))));
  }

  private static List<Input> bad() {
    return List.of(
        Input.badData("too_deep", nested(10_000)),
        Input.badData("nul", "{\"a\":\"\u0000\"}"),
        Input.badData("not_a_number", "{\"a\":NaN}"),
        Input.badData("infinite", "{\"a\":-Infinity}"),
        Input.badData("long_number", "{\"a\":" + "9".repeat(5_000) + "}"),
        Input.badData("data_is_array", "[]"),
        Input.badData("data_is_null", "null"),
        Input.badData("cut_short", "{\"a\":"),
        Input.badId("id_of_65_bits", "\"18446744073709551616\""),
        Input.badId("negative_id", "-1"),
        Input.badId("fraction_as_id", "1.5"),
        Input.badId("word_as_id", "\"one\""),
        Input.bad("empty_name", "{\"name\":\"\",\"data\":{}}"),
        Input.bad("control_in_name", "{\"name\":\"a\\nb\",\"data\":{}}"),
        Input.bad("no_name", "{\"data\":{}}"),
        Input.bad("no_data", "{\"name\":\"no_data\"}"),
        Input.bad("no_fields", "{}"),
        Input.bad("array", "[]"),
        Input.bad("two_values", "{\"name\":\"two_values\",\"data\":{}} {}"),
        Input.bad("words", "no json at all"),
        Input.bad("blank", "  "),
        Input.bad("empty_value", ""),
        new Input("invalid_utf_8", invalidUtf8(), null),
        new Input("tombstone", null, null));
  }

  private static String nested(int depth) {
    return "{\"a\":" + "[".repeat(depth) + "]".repeat(depth) + "}";
  }

  private static ByteString invalidUtf8() {
    return ByteString.copyFromUtf8("{\"name\":\"invalid_utf_8\",\"data\":{\"a\":\"")
        .concat(ByteString.copyFrom(new byte[] {(byte) 0xc3, (byte) 0x28}))
        .concat(ByteString.copyFromUtf8("\"}}"));
  }

  private void handle(RawWorker worker, OspreyCoordinatorAction action) {
    seen.put(action.getActionName(), action);
    ledger.handled(
        action.getActionName(), "verdict_for_" + Long.toUnsignedString(action.getActionId()));
    worker.ack(action);
  }

  private void assertEndedWell(Input input) {
    if (input.payload() == null) {
      assertEquals("UNDECODABLE", ledger.deadLetters().get(input.name()), input.name());
    } else {
      assertEquals(input.payload(), action(input.name()).getJsonActionData(), input.name());
    }
  }

  private OspreyCoordinatorAction action(String name) {
    OspreyCoordinatorAction action = seen.get(name);
    if (action == null) {
      throw new AssertionError("no worker saw " + name);
    }
    return action;
  }

  /** Whoever looks into it finds the record as it was. */
  private static void assertDeadLettersAreRaw(KafkaTopics topics) {
    Map<String, Input> sent = bad().stream().collect(Collectors.toMap(Input::name, input -> input));
    topics
        .read(KafkaTopics.deadLetters(TOPIC))
        .forEach(
            letter -> {
              Input input = sent.get(new String(letter.key(), UTF_8));
              ByteString value = input == null ? null : input.value();
              // A letter without a value would delete others with its key from a compacted topic.
              ByteString expected = value == null ? ByteString.EMPTY : value;
              assertEquals(expected, ByteString.copyFrom(letter.value()));
            });
  }
}
