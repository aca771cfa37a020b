package org.osprey.coordinator.pubsub;

import static java.util.Objects.requireNonNull;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.api.core.ApiFuture;
import com.google.api.core.SettableApiFuture;
import com.google.cloud.pubsub.v1.AckReplyConsumerWithResponse;
import com.google.cloud.pubsub.v1.AckResponse;
import com.google.pubsub.v1.PubsubMessage;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.osprey.coordinator.core.DeadLetter.Reason;
import org.osprey.coordinator.core.ManualTicker;
import org.osprey.coordinator.core.Outcome;

class HeldMessagesTest {
  private final ManualTicker ticker = new ManualTicker();
  private long breaks;
  private final SourceCounts counts = new SourceCounts();
  private final HeldMessages messages =
      new HeldMessages(
          PubsubSettings.builder("project", "actions").maxMessages(2).maxProcessing(2).build(),
          arrived -> {},
          () -> breaks,
          counts,
          ticker);

  @Test
  void anAckedMessageIsAckedAndForgottenOnceThatIsConfirmed() throws Exception {
    Given lease = receive("a");
    accept().finished(Outcome.Acked.EMPTY);

    assertEquals(1, lease.acks);
    assertEquals(0, messages.size());
    assertEquals(0, messages.processing());
    assertEquals(1, messages.finished());
    lease.response.set(AckResponse.SUCCESSFUL);
    assertEquals(0, messages.finished());
  }

  @Test
  void aDeadLetterIsAcked() throws Exception {
    Given lease = receive("a");
    accept().finished(new Outcome.DeadLettered(Reason.NACKED));

    assertEquals(1, lease.acks);
  }

  @Test
  void aRejectedMessageIsNacked() throws Exception {
    Given lease = receive("a");
    accept().finished(new Outcome.Rejected(Outcome.Rejected.Reason.SHUTTING_DOWN));

    assertEquals(0, lease.acks);
    assertEquals(1, lease.nacks);
    assertEquals(0, messages.finished());
    assertEquals(0, messages.processing());
  }

  @Test
  void aMessageThatComesAgainWhileHeldIsOfferedOnceAndAckedWithEveryLease() throws Exception {
    Given first = receive("a");
    HeldMessage held = accept();
    Given second = receive("a");

    assertNull(messages.next(Duration.ZERO));
    assertEquals(1, messages.size());
    held.finished(Outcome.Acked.EMPTY);
    assertEquals(1, first.acks);
    assertEquals(1, second.acks);
    assertEquals(1, counts.repeats.get());
  }

  @Test
  void aFinishedMessageWhoseAckWasLostIsAckedAgainInsteadOfOffered() throws Exception {
    receive("a");
    accept().finished(Outcome.Acked.EMPTY);
    Given again = receive("a");

    assertEquals(1, again.acks);
    assertNull(messages.next(Duration.ZERO));
    again.response.set(AckResponse.SUCCESSFUL);
    assertEquals(0, messages.finished());
  }

  @Test
  void anAckThatTheServiceRefusedIsNoConfirmation() throws Exception {
    Given lease = receive("a");
    accept().finished(Outcome.Acked.EMPTY);
    lease.response.set(AckResponse.INVALID);

    assertEquals(1, messages.finished());
  }

  @Test
  void aConfirmedMessageMayComeAgainAsAfterARewind() throws Exception {
    receive("a").response.set(AckResponse.SUCCESSFUL);
    accept().finished(Outcome.Acked.EMPTY);
    receive("a");

    assertEquals("a", requireNonNull(messages.next(Duration.ZERO)).id());
  }

  @Test
  void aNackedMessageIsNewWhenItComesAgain() throws Exception {
    receive("a");
    accept().nack();
    receive("a");

    assertEquals("a", requireNonNull(messages.next(Duration.ZERO)).id());
    assertEquals(0, counts.repeats.get());
  }

  @Test
  void anAnswerIsGivenOnce() throws Exception {
    Given lease = receive("a");
    HeldMessage held = accept();
    held.nack();
    held.finished(Outcome.Acked.EMPTY);
    held.nack();

    assertEquals(0, lease.acks);
    assertEquals(1, lease.nacks);
    assertEquals(0, messages.finished());
  }

  @Test
  void theLineIsBounded() {
    receive("a");
    receive("b");
    Given third = receive("c");

    assertEquals(1, third.nacks);
    assertEquals(2, messages.size());
  }

  @Test
  void aLeaseEndsAfterItsLongestTimeAndBeginsAnewWithEachDelivery() throws Exception {
    receive("a");
    HeldMessage held = requireNonNull(messages.next(Duration.ZERO));
    ticker.advance(Duration.ofMinutes(9));
    assertFalse(messages.isLeaseOver(held));
    receive("a");
    ticker.advance(Duration.ofMinutes(9));
    assertFalse(messages.isLeaseOver(held));
    ticker.advance(Duration.ofMinutes(1));
    assertTrue(messages.isLeaseOver(held));
  }

  @Test
  void roomIsTakenAndGivenBack() throws Exception {
    assertTrue(messages.reserve(Duration.ZERO));
    assertTrue(messages.reserve(Duration.ZERO));
    assertFalse(messages.reserve(Duration.ZERO));
    messages.release();
    assertTrue(messages.reserve(Duration.ZERO));
  }

  @Test
  void afterTheCloseEverythingGoesBack() throws Exception {
    Given waiting = receive("a");
    Given accepted = receive("b");
    messages.close();
    Given late = receive("c");

    assertEquals(1, waiting.nacks);
    assertEquals(1, accepted.nacks);
    assertEquals(1, late.nacks);
    assertEquals(0, messages.size());
    assertEquals(0, messages.waiting());
  }

  @Test
  void anAckAfterABreakIsDoubtedForAsLongAsALeaseMayLast() throws Exception {
    receive("a").response.set(AckResponse.SUCCESSFUL);
    breaks++;
    accept().finished(Outcome.Acked.EMPTY);
    Given again = receive("a");

    assertEquals(1, again.acks);
    assertNull(messages.next(Duration.ZERO));
    ticker.advance(Duration.ofMinutes(10));
    receive("a");
    assertEquals("a", requireNonNull(messages.next(Duration.ZERO)).id());
  }

  @Test
  void finishedMessagesAreBounded() {
    FinishedMessages finished = new FinishedMessages(2, Duration.ofMinutes(1), ticker);
    finished.add("a");
    finished.add("b");
    finished.add("b");
    assertTrue(finished.contains("a"));
    finished.add("c");

    assertFalse(finished.contains("a"));
    assertTrue(finished.contains("b"));
    assertEquals(2, finished.size());
  }

  private Given receive(String id) {
    Given lease = new Given();
    messages.receive(PubsubMessage.newBuilder().setMessageId(id).build(), lease);
    return lease;
  }

  private HeldMessage accept() throws InterruptedException {
    assertTrue(messages.reserve(Duration.ZERO));
    return requireNonNull(messages.next(Duration.ZERO));
  }

  /** What the library gives us with a message. */
  private static final class Given implements AckReplyConsumerWithResponse {
    private final SettableApiFuture<AckResponse> response = SettableApiFuture.create();
    private int acks;
    private int nacks;

    @Override
    public ApiFuture<AckResponse> ack() {
      acks++;
      return response;
    }

    @Override
    public ApiFuture<AckResponse> nack() {
      nacks++;
      return response;
    }
  }
}
