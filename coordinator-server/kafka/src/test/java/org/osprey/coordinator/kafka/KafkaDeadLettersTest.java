package org.osprey.coordinator.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.osprey.coordinator.core.DeadLetter.Undecoded;
import org.osprey.coordinator.core.DeadLetterStore.Snapshot;
import org.osprey.coordinator.core.DeadLetterStore.StoreException;
import org.osprey.coordinator.core.DeadLetterStore.StoredLetter;

/** What the contract suite does not ask. */
class KafkaDeadLettersTest {
  private final String name = SharedBroker.name();
  private final TestKafka kafka = SharedBroker.kafka();
  private final KafkaDeadLetters letters =
      letters(SharedBroker.broker().bootstrapServers(), Map.of());

  @Test
  void aMissingTopicIsAnEmptyStore() {
    assertEquals(List.of(), walk(null));
    assertNull(letters.find("0-0"));
    assertEquals(0, letters.remove(List.of("0-0")));
  }

  @Test
  void findsNothingWhereNothingIs() {
    create(1);
    write(0, "a");

    assertNotNull(letters.find("0-0"));
    assertNull(letters.find("0-1"));
    assertNull(letters.find("1-0"));
    assertNull(letters.find("no id"));
    assertEquals(0, letters.remove(List.of("no id", "1-0", "0-1")));
    assertThrows(IllegalArgumentException.class, () -> letters.snapshot("no id"));
  }

  @Test
  void walksOnePartitionAfterTheOther() {
    create(3);
    write(2, "c", "d");
    write(0, "a", "b");

    assertEquals(List.of("0-0 a", "0-1 b", "2-0 c", "2-1 d"), walk(null));
    assertEquals(List.of("0-1 b", "2-0 c", "2-1 d"), walk("0-0"));
    assertEquals(List.of("2-0 c", "2-1 d"), walk("1-5"));
    assertEquals(List.of("2-1 d"), walk("2-0"));
    assertEquals(List.of(), walk("2-1"));
  }

  @Test
  void forgetsEachPartitionUpToTheFirstLetterThatStays() {
    create(2);
    write(0, "a", "b", "c");
    write(1, "d", "e");

    assertEquals(2, letters.remove(List.of("0-0", "0-2", "1-0")));
    assertEquals(List.of("0-1 b", "0-2 c", "1-1 e"), walk(null));
    assertEquals(2, letters.remove(List.of("0-0", "0-1", "0-2")));
    assertEquals(List.of("1-1 e"), walk(null));
    assertEquals(List.of("1-1 e"), walk("0-0"));
  }

  @Test
  void passesOverTransactionMarkersAndWhatWasRolledBack() {
    create(1);
    kafka.produceInTransactions(topic(), List.of("a"), true);
    kafka.produceInTransactions(topic(), List.of("never"), false);
    kafka.produceInTransactions(topic(), List.of("b"), true);

    assertEquals(List.of("0-0 a", "0-4 b"), walk(null));
    assertNull(letters.find("0-2"));
    assertEquals(2, letters.remove(List.of("0-0", "0-4")));
    assertEquals(List.of(), walk(null));
  }

  @Test
  void saysWhereItLookedWhenNobodyAnswers() {
    KafkaDeadLetters unreachable =
        letters(
            "127.0.0.1:1", Map.of("default.api.timeout.ms", "500", "request.timeout.ms", "500"));

    StoreException failure = assertThrows(StoreException.class, () -> unreachable.snapshot(null));
    assertEquals(
        "kafka.deadLetterTopic=%s at kafka.bootstrapServers=127.0.0.1:1: no answer in time"
            .formatted(topic()),
        failure.getMessage());
    assertThrows(StoreException.class, () -> unreachable.find("0-0"));
    assertThrows(StoreException.class, () -> unreachable.remove(List.of("0-0")));
  }

  @Test
  void aGroupInTheClientPropertiesDoesNotMatter() {
    create(1);
    write(0, "a");
    Map<String, String> properties =
        Map.of("group.id", "mine", "group.protocol", "consumer", "auto.offset.reset", "latest");
    KafkaDeadLetters own = letters(SharedBroker.broker().bootstrapServers(), properties);

    assertNotNull(own.find("0-0"));
    assertTrue(kafka.committed("mine").isEmpty());
  }

  private KafkaDeadLetters letters(String bootstrapServers, Map<String, String> properties) {
    return new KafkaDeadLetters(
        new DeadLetterTopic(
            KafkaSettings.builder(bootstrapServers, name, name).properties(properties).build()));
  }

  private String topic() {
    return name + ".dead-letters";
  }

  private void create(int partitions) {
    kafka.createTopic(topic(), partitions);
  }

  private void write(int partition, String... values) {
    for (String value : values) {
      kafka.produce(new ProducerRecord<>(topic(), partition, null, value.getBytes(UTF_8)));
    }
  }

  private List<String> walk(@Nullable String after) {
    List<String> found = new ArrayList<>();
    try (Snapshot snapshot = letters.snapshot(after)) {
      List<StoredLetter> batch = snapshot.next(3);
      while (!batch.isEmpty()) {
        batch.forEach(letter -> found.add(letter.id() + ' ' + value(letter)));
        batch = snapshot.next(3);
      }
    }
    return found;
  }

  private static String value(StoredLetter stored) {
    return stored.letter().content() instanceof Undecoded message
        ? new String(message.data(), UTF_8)
        : "";
  }
}
