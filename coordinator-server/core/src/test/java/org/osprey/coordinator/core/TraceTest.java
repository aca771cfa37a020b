package org.osprey.coordinator.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;
import org.osprey.coordinator.core.InMemoryTracer.Recorded;
import org.osprey.coordinator.core.InMemoryTracer.Recorded.Done;
import org.osprey.coordinator.core.Trace.Answer;
import org.osprey.coordinator.core.Trace.Step;
import org.osprey.coordinator.core.Trace.Work;
import org.slf4j.MDC;

class TraceTest {
  private static final String PARENT = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
  private static final long MILLI = 1_000_000;

  private final ManualTicker ticker = new ManualTicker();
  private final InMemoryTracer tracer = new InMemoryTracer();
  private final FailingSink sink = new FailingSink();
  private final InMemoryDeadLetters deadLetters = new InMemoryDeadLetters();
  private final List<Outcome> outcomes = new ArrayList<>();
  private final Dispatcher dispatcher =
      new Dispatcher(
          DispatcherSettings.DEFAULTS,
          ticker,
          () -> Instant.EPOCH,
          new Random(1),
          deadLetters,
          sink,
          tracer);
  private final RecordingTarget target = new RecordingTarget();

  @Test
  void stepsAreTimedFromTheSourceToItsAnswer() {
    Delivery delivery = async(1);
    pass(5);
    dispatcher.offer(delivery);
    pass(20);
    WorkerStream stream = dispatcher.connect("w1", ActionNames.ALL, 1, target);
    pass(30);
    dispatcher.ack(stream, target.last().ackId(), Outcome.Acked.EMPTY);

    Recorded trace = tracer.traces().getFirst();
    assertEquals(
        List.of(
            new Step.Accepted(5 * MILLI),
            new Step.Queued(5 * MILLI, 25 * MILLI),
            new Step.HandedOver(25 * MILLI, 55 * MILLI, "w1", 1, Answer.ACKED),
            new Step.Ended("acked", 1, 55 * MILLI)),
        trace.steps());
    assertEquals(List.of(new Done(Work.ACK, null)), trace.done());
    assertEquals(0, trace.receivedAt());
    assertEquals(Lane.ASYNC, trace.lane());
    assertEquals("test", trace.source());
  }

  @Test
  void eachHandOverSaysHowItEnded() {
    dispatcher.offer(async(1));
    WorkerStream dying = dispatcher.connect("dying", ActionNames.ALL, 1, target);
    dispatcher.lose(dying);
    WorkerStream leaving = dispatcher.connect("leaving", ActionNames.ALL, 1, target);
    dispatcher.leave(leaving);
    WorkerStream sleeping = dispatcher.connect("sleeping", ActionNames.ALL, 1, target);
    pass(61_000);
    WorkerStream refusing = dispatcher.connect("refusing", ActionNames.ALL, 1, target);
    pass(5_000);
    dispatcher.nack(refusing, target.last().ackId());
    dispatcher.lose(sleeping);
    pass(5_000);
    dispatcher.ack(refusing, target.last().ackId(), Outcome.Acked.EMPTY);

    assertEquals(
        List.of(Answer.LOST, Answer.RETURNED, Answer.EXPIRED, Answer.NACKED, Answer.ACKED),
        answers());
    assertEquals("acked", end().outcome());
    assertEquals(5, end().attempts());
  }

  @Test
  void aLateAckEndsTheHandOverThatCameAfterIt() {
    dispatcher.offer(async(1));
    WorkerStream slow = dispatcher.connect("slow", ActionNames.ALL, 1, target);
    Lease first = target.last();
    pass(65_000);
    WorkerStream unused = dispatcher.connect("second", ActionNames.ALL, 1, target);
    dispatcher.ack(slow, first.ackId(), Outcome.Acked.EMPTY);

    assertEquals(List.of(Answer.EXPIRED, Answer.ABANDONED), answers());
    assertEquals("acked", end().outcome());
    assertEquals(0, unused.acks);
  }

  @Test
  void aCallerThatGoesAwayAbandonsItsHandOver() {
    Delivery delivery = sync(1);
    dispatcher.offer(delivery);
    WorkerStream unused = dispatcher.connect("w1", ActionNames.ALL, 1, target);
    dispatcher.cancel(delivery);

    assertEquals(List.of(Answer.ABANDONED), answers());
    assertEquals("expired", end().outcome());
    assertEquals(1, unused.inFlight());
    assertEquals(List.of(), tracer.traces().getFirst().done());
  }

  @Test
  void aRefusedCallEndsAndARefusedSourceGoesOn() {
    dispatcher.drain();
    dispatcher.offer(sync(1));
    assertEquals(List.of(new Step.Ended("refused", 0, 0)), tracer.traces().getFirst().steps());
    dispatcher.offer(async(2));
    assertEquals(List.of(), tracer.traces().getLast().steps());
  }

  @Test
  void publishingIsTracedWithEachTryAndLogLinesHaveTheIds() {
    sink.failures = 1;
    dispatcher.offer(async(1));
    WorkerStream stream = dispatcher.connect("w1", ActionNames.ALL, 1, target);
    dispatcher.ack(stream, target.last().ackId(), new Outcome.Acked(null, new byte[] {1}));
    pass(1_000);

    List<Done> done = tracer.traces().getFirst().done();
    assertEquals(
        List.of(Work.PUBLISH, Work.PUBLISH, Work.ACK), done.stream().map(Done::work).toList());
    assertEquals("java.lang.IllegalStateException: no", String.valueOf(done.getFirst().failure()));
    assertNull(done.getLast().failure());
    assertEquals(List.of(Map.of("traceparent", PARENT), Map.of("traceparent", PARENT)), sink.seen);
    assertEquals("0af7651916cd43dd8448eb211c80319c b7ad6b7169203331", idsWhenTold);
    assertNull(MDC.get("trace_id"));
  }

  @Test
  void deadLettersAreTraced() {
    dispatcher.offer(async(1));
    WorkerStream stream = dispatcher.connect("w1", ActionNames.ALL, 1, target);
    for (int i = 0; i < 3; i++) {
      dispatcher.nack(stream, target.last().ackId());
      pass(5_000);
    }
    assertEquals("dead_lettered", end().outcome());
    assertEquals(
        List.of(new Done(Work.DEAD_LETTER, null), new Done(Work.ACK, null)),
        tracer.traces().getFirst().done());
  }

  @Test
  void withoutATracerNothingIsKnown() {
    DispatcherFixture plain = new DispatcherFixture();
    assertNull(plain.dispatcher.tracer());
    assertEquals(Map.of(), plain.async(1).traceHeaders());
  }

  private String idsWhenTold = "";

  private Delivery async(long id) {
    Action action = DispatcherFixture.action(id, "a");
    return Delivery.async(
        action,
        "test",
        null,
        this::told,
        tracer.begin(action, Lane.ASYNC, "test", 0, this::header));
  }

  private Delivery sync(long id) {
    Action action = DispatcherFixture.action(id, "s");
    return Delivery.sync(
        action,
        "test",
        Duration.ofSeconds(10).toNanos(),
        this::told,
        tracer.begin(action, Lane.SYNC, "test", 0, this::header));
  }

  private String header(String name) {
    return name.equals("traceparent") ? PARENT : "";
  }

  private void told(Outcome outcome) {
    outcomes.add(outcome);
    idsWhenTold = MDC.get("trace_id") + " " + MDC.get("span_id");
  }

  private List<Answer> answers() {
    return tracer.traces().getFirst().steps().stream()
        .filter(Step.HandedOver.class::isInstance)
        .map(step -> ((Step.HandedOver) step).answer())
        .toList();
  }

  private Step.Ended end() {
    return (Step.Ended) tracer.traces().getFirst().steps().getLast();
  }

  private void pass(long millis) {
    for (long left = millis; left > 0; left -= 20) {
      ticker.advance(Duration.ofMillis(Math.min(20, left)));
      dispatcher.tick();
    }
  }

  /** Remembers what it would send along. */
  private static final class FailingSink implements ResultSink {
    private final List<Map<String, String>> seen = new ArrayList<>();
    private int failures;

    @Override
    public CompletionStage<Void> publish(Delivery delivery, Outcome.Acked acked) {
      seen.add(delivery.traceHeaders());
      return failures-- > 0
          ? CompletableFuture.failedStage(new IllegalStateException("no"))
          : CompletableFuture.completedStage(null);
    }
  }
}
