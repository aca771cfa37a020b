package org.osprey.coordinator.it;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.osprey.coordinator.codec.ActionDecoder;
import org.osprey.coordinator.codec.ActionNumbers;
import org.osprey.coordinator.core.CountingIds;
import org.osprey.coordinator.core.DeadLetter.Decoded;
import org.osprey.coordinator.core.DeadLetters;
import org.osprey.coordinator.core.Delivery;
import org.osprey.coordinator.core.Outcome;
import org.osprey.coordinator.core.ResultSink;
import org.osprey.coordinator.core.Ticker;
import org.osprey.coordinator.kafka.DeadLetterTopic;
import org.osprey.coordinator.kafka.KafkaBroker;
import org.osprey.coordinator.kafka.KafkaDeadLetters;
import org.osprey.coordinator.kafka.KafkaResultSettings;
import org.osprey.coordinator.kafka.KafkaResultSink;
import org.osprey.coordinator.kafka.KafkaSettings;
import org.osprey.coordinator.kafka.KafkaSource;
import org.osprey.coordinator.proto.common.v1.ExecutionResult;
import org.osprey.coordinator.worker.Answer;
import org.osprey.coordinator.worker.ReceivedAction;
import org.osprey.coordinator.worker.StreamWorker;

/**
 * Row R26 of the fault table: the broker that has the results goes down, while the one that has the
 * actions stays up; and now and then a result is larger than the topic takes. For the ledger an
 * action is handled when its result is stored, so a commit before that is a loss. {@code
 * -Dfault.seconds=300} gives it its full length.
 */
class KafkaResultsTest {
  private static final Duration OUTAGE = Duration.ofSeconds(Integer.getInteger("fault.seconds", 6));
  private static final Duration PATIENCE = Duration.ofSeconds(90);
  private static final int PARTITIONS = 3;
  private static final int IN_FLIGHT = 300;
  private static final int LARGEST_RESULT = 20_000;

  /** One action in so many has a result that is too large. */
  private static final int OVERSIZE_EVERY = 100;

  private static final String TOPIC = "actions";
  private static final String RESULTS = "results";

  /** So that a short outage is long enough for sends to fail and be tried again. */
  private static final Map<String, String> IMPATIENT =
      Map.of(
          "max.block.ms", "1000",
          "request.timeout.ms", "1000",
          "delivery.timeout.ms", "2000");

  private final RecordLedger ledger = new RecordLedger();
  private final KafkaBroker actionBroker = KafkaBroker.start();
  private final KafkaBroker resultBroker =
      KafkaBroker.start(Map.of("message.max.bytes", Integer.toString(LARGEST_RESULT)));
  private final KafkaTopics topics = new KafkaTopics(actionBroker);
  private final KafkaTopics resultTopics = new KafkaTopics(resultBroker);
  private volatile int mostAccepted;

  @AfterEach
  void stopAll() {
    topics.close();
    resultTopics.close();
    actionBroker.close();
    resultBroker.close();
  }

  @Test
  void r26TheResultsTopicGoesDownAndRefusesWhatIsTooLarge() {
    topics.create(TOPIC, PARTITIONS);
    resultTopics.create(RESULTS, PARTITIONS);
    KafkaResultSink results = results();
    Duration recovered;
    try (CoordinatorTester coordinator = coordinator(results);
        StreamWorker worker = worker(coordinator);
        CommitWatch watch = CommitWatch.start(topics, TOPIC, ledger);
        RecordLoad load = new RecordLoad(topics, TOPIC, PARTITIONS, ledger).start(200)) {
      awaitEveryPartition();
      resultBroker.kill();
      long down = System.nanoTime();
      until(() -> watchAccepted(coordinator) && System.nanoTime() - down > OUTAGE.toNanos());
      until(() -> !results.check().healthy());
      assertTrue(results.check().detail().contains("kafka.resultsTopic=" + RESULTS));
      resultBroker.restart();
      recovered = awaitEveryPartition();
      load.stop();
      until(() -> watchAccepted(coordinator) && ledger.unfinished().isEmpty());
      until(() -> ledger.allCommitted(topics.committed(TOPIC)));
      watch.check();
      until(() -> results.check().healthy());
      assertEquals(0, worker.stats().nacked());
    }
    report(recovered);
    assertTrue(mostAccepted <= IN_FLIGHT, () -> "accepted " + mostAccepted);
  }

  private void report(Duration recovered) {
    Map<Integer, Long> committed = topics.committed(TOPIC);
    Set<String> published =
        resultTopics.read(RESULTS).stream()
            .map(result -> new String(result.key(), UTF_8))
            .collect(Collectors.toCollection(TreeSet::new));
    Set<String> oversize = ledger.deadLetters().keySet();
    int missing = ledger.accepted() - published.size() - oversize.size();
    ledger.report(
        "R26 seconds=%d recovered_ms=%d results=%d missing=%d most_accepted=%d"
            .formatted(
                OUTAGE.toSeconds(), recovered.toMillis(), published.size(), missing, mostAccepted),
        committed);
    ledger.check(committed);
    assertEquals(0, missing);
    assertEquals(ledger.accepted() / OVERSIZE_EVERY, oversize.size());
    assertTrue(ledger.deadLetters().values().stream().allMatch("RESULT_TOO_LARGE"::equals));
    assertEquals(List.of(), published.stream().filter(KafkaResultsTest::isOversize).toList());
  }

  private CoordinatorTester coordinator(KafkaResultSink results) {
    KafkaSettings settings =
        KafkaSettings.builder(actionBroker.bootstrapServers(), TOPIC, TOPIC)
            .maxInFlight(IN_FLIGHT)
            .commitInterval(Duration.ofMillis(100))
            .build();
    DeadLetterTopic letterTopic = new DeadLetterTopic(settings);
    KafkaDeadLetters kept = new KafkaDeadLetters(letterTopic);
    DeadLetters letters =
        letter ->
            kept.put(letter)
                .thenRun(
                    () ->
                        ledger.deadLettered(
                            ((Decoded) letter.content()).action().idText(),
                            letter.reason().name()));
    ActionDecoder decoder = new ActionDecoder(new CountingIds(), ActionNumbers.BUILT_IN);
    return new CoordinatorTester.Setup()
        .source(new KafkaSource(settings, decoder, letters, Ticker.system()))
        .deadLetters(letters)
        .component(letterTopic)
        .component(results)
        .sink(watched(results))
        .start();
  }

  private KafkaResultSink results() {
    return new KafkaResultSink(
        new KafkaResultSettings(
            resultBroker.bootstrapServers(), RESULTS, true, Duration.ofSeconds(3), IMPATIENT));
  }

  /** Tells the ledger before the coordinator hears that a result is stored. */
  private ResultSink watched(ResultSink sink) {
    return (Delivery delivery, Outcome.Acked acked) ->
        sink.publish(delivery, acked)
            .thenRun(() -> ledger.handled(delivery.action().idText(), "published"));
  }

  private static StreamWorker worker(CoordinatorTester coordinator) {
    StreamWorker worker =
        StreamWorker.builder()
            .targets(List.of("127.0.0.1:" + coordinator.workerPort()))
            .streams(16)
            .drainTimeout(Duration.ofSeconds(1))
            .handler(KafkaResultsTest::answer)
            .build();
    worker.start();
    return worker;
  }

  private static Answer answer(ReceivedAction action) {
    int size = isOversize(action.idText()) ? LARGEST_RESULT + 1 : 10;
    return Answer.verdicts("allow")
        .withExecutionResult(
            ExecutionResult.newBuilder()
                .setActionName("user_login")
                .setExtractedFeaturesJson("x".repeat(size))
                .build());
  }

  private static boolean isOversize(String id) {
    return Integer.parseInt(id) % OVERSIZE_EVERY == 0;
  }

  private boolean watchAccepted(CoordinatorTester coordinator) {
    int accepted = coordinator.coordinator().dispatcher().stats().async().accepted();
    mostAccepted = Math.max(mostAccepted, accepted);
    return true;
  }

  /** How long it takes until a new result of every partition is stored. */
  private Duration awaitEveryPartition() {
    long start = System.nanoTime();
    until(() -> ledger.partitionsAliveSince(start).size() == PARTITIONS);
    return Duration.ofNanos(System.nanoTime() - start);
  }

  private static void until(Callable<Boolean> fact) {
    await().atMost(OUTAGE.plus(PATIENCE)).pollInterval(Duration.ofMillis(20)).until(fact);
  }
}
