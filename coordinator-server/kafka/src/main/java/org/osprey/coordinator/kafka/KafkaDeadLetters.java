package org.osprey.coordinator.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.osprey.coordinator.codec.ActionEncoder;
import org.osprey.coordinator.core.Action;
import org.osprey.coordinator.core.Action.Encoding;
import org.osprey.coordinator.core.DeadLetter;
import org.osprey.coordinator.core.DeadLetters;

/**
 * Writes what was given up to the dead-letter topic, in a form a {@link KafkaSource} can read
 * again. The headers say why.
 */
public final class KafkaDeadLetters implements DeadLetters {
  private final DeadLetterTopic topic;

  public KafkaDeadLetters(DeadLetterTopic topic) {
    this.topic = topic;
  }

  @Override
  public CompletionStage<Void> put(DeadLetter letter) {
    return topic.put(
        switch (letter.content()) {
          case DeadLetter.Decoded decoded -> letter(letter, decoded.action());
          case DeadLetter.Undecoded undecoded -> letter(letter, undecoded);
        });
  }

  private static Letter letter(DeadLetter letter, Action action) {
    Map<String, String> notes = notes(letter);
    notes.put("action_id", action.idText());
    notes.put("action_name", action.name());
    if (action.encoding() == Encoding.PROTO) {
      notes.put("encoding", "proto");
    }
    return new Letter(
        action.idText().getBytes(UTF_8),
        () -> ActionEncoder.encode(action),
        List.of(),
        notes,
        Math.max(0, action.timestamp().toEpochMilli()));
  }

  private static Letter letter(DeadLetter letter, DeadLetter.Undecoded message) {
    List<Header> kept = new ArrayList<>();
    message
        .attributes()
        .forEach((name, value) -> kept.add(new RecordHeader(name, value.getBytes(UTF_8))));
    return new Letter(
        message.key(),
        message::data,
        kept,
        notes(letter),
        Math.max(0, message.timestamp().toEpochMilli()));
  }

  private static Map<String, String> notes(DeadLetter letter) {
    Map<String, String> notes = new LinkedHashMap<>();
    notes.put(Letter.REASON, letter.reason().name());
    notes.put(Letter.DETAIL, letter.error());
    notes.put(Letter.ORIGIN, letter.origin());
    notes.put("nacks", Integer.toString(letter.nacks()));
    notes.put("deaths", Integer.toString(letter.deaths()));
    notes.put("source", letter.source());
    return notes;
  }
}
