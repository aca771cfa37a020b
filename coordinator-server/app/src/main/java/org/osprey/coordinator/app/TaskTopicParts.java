package org.osprey.coordinator.app;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.osprey.coordinator.app.config.TasksKafkaConfig;
import org.osprey.coordinator.codec.MessageDecoder;
import org.osprey.coordinator.core.Action;
import org.osprey.coordinator.core.Component;
import org.osprey.coordinator.core.DeadLetters;
import org.osprey.coordinator.core.Ticker;
import org.osprey.coordinator.kafka.KafkaPublisher;
import org.osprey.coordinator.kafka.KafkaSettings;
import org.osprey.coordinator.kafka.KafkaSource;
import org.osprey.coordinator.tasks.TaskConsumer;
import org.osprey.coordinator.tasks.TaskTopic;
import org.osprey.coordinator.tasks.Tasks;

/** The Kafka topic that tasks go through; its parts add themselves to the components. */
final class TaskTopicParts {
  private static final String SECTION = "tasks.kafka";

  /** Messages pass as they are: what is a task is for the tasks to say. */
  private static final MessageDecoder PASSING =
      (data, attributes, publishedAt) ->
          new Action(0, "task", Action.Encoding.JSON, data, null, publishedAt);

  private final TasksKafkaConfig config;
  private final KafkaSettings settings;
  private final Ticker ticker;
  private final List<Component> components;

  TaskTopicParts(
      TasksKafkaConfig config, Duration roomWait, Ticker ticker, List<Component> components) {
    this.config = config;
    this.ticker = ticker;
    this.components = components;
    // The clients of one process must have different names.
    Map<String, String> properties = new HashMap<>(Map.of("client.id", "osprey-coordinator-tasks"));
    properties.putAll(config.properties());
    settings =
        KafkaSettings.builder(config.bootstrapServers(), config.topic(), config.groupId())
            .section(SECTION)
            .roomWait(roomWait)
            .closeTimeout(Composition.CLOSE_TIMEOUT)
            .properties(properties)
            .build();
  }

  TaskTopic published() {
    KafkaPublisher publisher = new KafkaPublisher(settings, "publisher");
    components.add(publisher);
    return new TaskTopic(publisher::publish, config.republishAfter());
  }

  /**
   * @param tasks which what is read goes to
   */
  Tasks consumed(Tasks tasks, DeadLetters deadLetters) {
    KafkaSource source = new KafkaSource(settings, PASSING, deadLetters, ticker);
    components.add(new TaskConsumer(tasks, source, deadLetters, ticker));
    return tasks;
  }
}
