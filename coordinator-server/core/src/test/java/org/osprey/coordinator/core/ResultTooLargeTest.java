package org.osprey.coordinator.core;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.osprey.coordinator.core.Outcome.Acked;

class ResultTooLargeTest {
  private final InMemoryResultSink sink = new InMemoryResultSink(true, 2);
  private final DispatcherFixture core = new DispatcherFixture(DispatcherSettings.DEFAULTS, sink);
  private final RecordingTarget target = new RecordingTarget();
  private final WorkerStream stream = core.connect(target);

  @Test
  void aResultThatNoSinkTakesIsADeadLetterAndTheActionIsHandled() {
    Acked large = new Acked(new byte[] {1}, new byte[] {1, 2, 3});
    core.offer(core.async(1));
    core.dispatcher.ack(stream, target.last().ackId(), large);

    assertEquals(List.of(large), core.outcomes(1));
    DeadLetter letter = core.deadLetters.kept().getFirst();
    assertEquals(DeadLetter.Reason.RESULT_TOO_LARGE, letter.reason());
    assertArrayEquals(new byte[] {1, 2, 3}, letter.result());
    assertEquals("3 bytes > 2", letter.error());
    assertEquals(List.of(), sink.published());
    assertEquals(1, core.count(Count.DEAD_LETTERED_RESULT_TOO_LARGE));
  }

  @Test
  void aCallerStillGetsItsVerdicts() {
    Acked large = new Acked(new byte[] {1, 2, 3}, null);
    core.offer(core.sync(1, Duration.ofSeconds(1)));
    core.dispatcher.ack(stream, target.last().ackId(), large);

    assertEquals(List.of(large), core.outcomes(1));
    assertEquals(1, core.deadLetters.kept().size());
  }
}
