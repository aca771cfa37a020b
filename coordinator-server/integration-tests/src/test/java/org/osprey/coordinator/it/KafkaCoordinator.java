package org.osprey.coordinator.it;

import com.google.protobuf.InvalidProtocolBufferException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.osprey.coordinator.codec.ActionDecoder;
import org.osprey.coordinator.codec.ActionNumbers;
import org.osprey.coordinator.core.Action;
import org.osprey.coordinator.core.CountingIds;
import org.osprey.coordinator.core.Delivery;
import org.osprey.coordinator.core.Outcome;
import org.osprey.coordinator.core.ResultSink;
import org.osprey.coordinator.core.Ticker;
import org.osprey.coordinator.kafka.DeadLetterTopic;
import org.osprey.coordinator.kafka.KafkaDeadLetters;
import org.osprey.coordinator.kafka.KafkaSettings;
import org.osprey.coordinator.kafka.KafkaSource;
import org.osprey.coordinator.proto.common.v1.Verdicts;

/** A coordinator in this process that reads a topic and shows the ledger every verdict. */
final class KafkaCoordinator implements AutoCloseable {
  private final KafkaSource source;
  private final CoordinatorTester tester;

  private KafkaCoordinator(KafkaSource source, CoordinatorTester tester) {
    this.source = source;
    this.tester = tester;
  }

  /** Actions are known to the ledger by their ids. */
  static KafkaCoordinator start(KafkaSettings settings, RecordLedger ledger) {
    return start(settings, ledger, Action::idText);
  }

  /**
   * @param key what the ledger knows an action by
   */
  static KafkaCoordinator start(
      KafkaSettings settings, RecordLedger ledger, Function<Action, String> key) {
    DeadLetterTopic deadLetters = new DeadLetterTopic(settings);
    ActionDecoder decoder = new ActionDecoder(new CountingIds(), ActionNumbers.BUILT_IN);
    KafkaDeadLetters letters = new KafkaDeadLetters(deadLetters);
    KafkaSource source = new KafkaSource(settings, decoder, letters, Ticker.system());
    CoordinatorTester tester =
        new CoordinatorTester.Setup()
            .source(source)
            .deadLetters(letters)
            .component(deadLetters)
            .sink(new VerdictSink(ledger, key))
            .start();
    return new KafkaCoordinator(source, tester);
  }

  KafkaSource source() {
    return source;
  }

  CoordinatorTester tester() {
    return tester;
  }

  String target() {
    return "127.0.0.1:" + tester.workerPort();
  }

  @Override
  public void close() {
    tester.close();
  }

  /** Takes every answer, whatever it holds. */
  private record VerdictSink(RecordLedger ledger, Function<Action, String> key)
      implements ResultSink {

    @Override
    public boolean wants(Outcome.Acked acked) {
      return true;
    }

    @Override
    public CompletionStage<Void> publish(Delivery delivery, Outcome.Acked acked) {
      try {
        Verdicts verdicts = Verdicts.parseFrom(acked.verdicts());
        ledger.result(key.apply(delivery.action()), verdicts.getVerdicts(0));
        return CompletableFuture.completedFuture(null);
      } catch (InvalidProtocolBufferException e) {
        throw new AssertionError(e);
      }
    }
  }
}
