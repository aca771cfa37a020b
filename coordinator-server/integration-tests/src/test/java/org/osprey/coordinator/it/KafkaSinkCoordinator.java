package org.osprey.coordinator.it;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.osprey.coordinator.codec.ActionDecoder;
import org.osprey.coordinator.codec.ActionNumbers;
import org.osprey.coordinator.core.CountingIds;
import org.osprey.coordinator.core.Ticker;
import org.osprey.coordinator.kafka.DeadLetterTopic;
import org.osprey.coordinator.kafka.KafkaBroker;
import org.osprey.coordinator.kafka.KafkaDeadLetters;
import org.osprey.coordinator.kafka.KafkaResultSettings;
import org.osprey.coordinator.kafka.KafkaResultSink;
import org.osprey.coordinator.kafka.KafkaSettings;
import org.osprey.coordinator.kafka.KafkaSource;

/** A coordinator process that reads one topic and writes what workers answer to another. */
final class KafkaSinkCoordinator {
  private KafkaSinkCoordinator() {}

  /** Returns when it accepts workers; its port is in the file. */
  static JavaProcess start(
      KafkaBroker broker, String topic, String results, List<String> flags, Path portFile) {
    JavaProcess process =
        JavaProcess.start(
            KafkaSinkCoordinator.class,
            flags,
            List.of(broker.bootstrapServers(), topic, results, portFile.toString()),
            Map.of(),
            portFile.resolveSibling(topic + "-coordinator.log"));
    Awaitility.await()
        .atMost(Duration.ofSeconds(60))
        .until(() -> !process.isAlive() || Files.exists(portFile));
    return process;
  }

  /** Arguments: bootstrap servers, topic, results topic, file for the worker port. */
  public static void main(String[] arguments) throws IOException {
    KafkaSettings settings =
        KafkaSettings.builder(arguments[0], arguments[1], arguments[1]).build();
    KafkaResultSink results =
        new KafkaResultSink(
            new KafkaResultSettings(
                arguments[0], arguments[2], true, settings.closeTimeout(), Map.of()));
    DeadLetterTopic letterTopic = new DeadLetterTopic(settings);
    KafkaDeadLetters letters = new KafkaDeadLetters(letterTopic);
    ActionDecoder decoder = new ActionDecoder(new CountingIds(), ActionNumbers.BUILT_IN);
    CoordinatorTester coordinator =
        new CoordinatorTester.Setup()
            .source(new KafkaSource(settings, decoder, letters, Ticker.system()))
            .deadLetters(letters)
            .component(letterTopic)
            .component(results)
            .sink(results)
            .start();
    Path port = Path.of(arguments[3]);
    Path half = port.resolveSibling(port.getFileName() + ".new");
    Files.writeString(half, Integer.toString(coordinator.workerPort()));
    Files.move(half, port);
  }
}
