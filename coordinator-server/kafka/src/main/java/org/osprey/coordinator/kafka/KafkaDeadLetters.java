package org.osprey.coordinator.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import org.osprey.coordinator.core.Action;
import org.osprey.coordinator.core.Action.Encoding;
import org.osprey.coordinator.core.DeadLetters;
import org.osprey.coordinator.core.Delivery;

/**
 * Writes actions that were given up to the dead-letter topic, in a form a {@link KafkaSource} can
 * read again. The headers say why.
 */
public final class KafkaDeadLetters implements DeadLetters {
  private final DeadLetterTopic topic;

  public KafkaDeadLetters(DeadLetterTopic topic) {
    this.topic = topic;
  }

  @Override
  public CompletionStage<Void> put(Delivery delivery, DeadLetter letter) {
    Action action = delivery.action();
    return topic.put(
        new Letter(
            action.idText().getBytes(UTF_8),
            () -> JsonEnvelope.value(action),
            List.of(),
            notes(delivery, letter),
            Math.max(0, action.timestamp().toEpochMilli())));
  }

  private static Map<String, String> notes(Delivery delivery, DeadLetter letter) {
    Map<String, String> notes = new LinkedHashMap<>();
    notes.put(Letter.REASON, letter.reason().name());
    notes.put("nacks", Integer.toString(letter.nacks()));
    notes.put("deaths", Integer.toString(letter.deaths()));
    notes.put("source", delivery.source());
    notes.put("action_id", delivery.action().idText());
    notes.put("action_name", delivery.action().name());
    if (delivery.action().encoding() == Encoding.PROTO) {
      notes.put("encoding", "proto");
    }
    return notes;
  }
}
