package org.osprey.coordinator.collectors.flow;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.osprey.coordinator.collector.Severity;
import org.osprey.coordinator.collectors.flow.Channel.Loss;
import org.osprey.coordinator.collectors.flow.Channel.Outgoing;
import org.osprey.coordinator.core.Action;
import org.osprey.coordinator.core.CountingIds;
import org.osprey.coordinator.core.ManualTicker;
import org.osprey.coordinator.core.Submissions.RefusedException;
import org.osprey.coordinator.core.Submissions.RefusedException.Reason;

final class ActionPublisherTest implements Channel.Settlements {
  private final List<Action> submitted = new ArrayList<>();
  private final List<CompletableFuture<Void>> answers = new ArrayList<>();
  private final ManualTicker ticker = new ManualTicker();
  private final ActionPublisher publisher =
      new ActionPublisher(
          this::submit, new CountingIds(), ticker, InstantSource.system(), new Random(1));
  private int wakes;
  private final Channel channel = publisher.open(() -> wakes++);
  private final List<Long> published = new ArrayList<>();
  private final List<Loss> lost = new ArrayList<>();

  private CompletableFuture<Void> submit(Action action) {
    submitted.add(action);
    CompletableFuture<Void> answer = new CompletableFuture<>();
    answers.add(answer);
    return answer;
  }

  @Override
  public void published(Outgoing event) {
    published.add(event.event().seq());
  }

  @Override
  public void lost(Outgoing event, Loss reason) {
    lost.add(reason);
  }

  private void send(long from, long to) {
    List<Outgoing> events = new ArrayList<>();
    for (long seq = from; seq <= to; seq++) {
      byte[] body = ("{\"seq\":" + seq + "}").getBytes(UTF_8);
      Encoded event = new Encoded("dns", 1, seq, "t", Severity.INFO, body, 0, () -> {});
      events.add(new Outgoing(event, "page"));
    }
    channel.send(events);
  }

  private void refuse(int index, Reason reason) {
    answers.get(index).completeExceptionally(new RefusedException(reason, "no: " + reason, null));
  }

  private void settle() throws InterruptedException {
    channel.settle(this, Duration.ZERO);
  }

  @Test
  void anEventBecomesAnAction() throws InterruptedException {
    send(1, 1);
    assertEquals("page", submitted.getFirst().name());
    assertEquals("{\"seq\":1}", new String(submitted.getFirst().payload(), UTF_8));
    assertEquals(Action.Encoding.JSON, submitted.getFirst().encoding());
    settle();
    assertEquals(List.of(), published);
    answers.getFirst().complete(null);
    assertEquals(1, wakes);
    settle();
    assertEquals(List.of(1L), published);
    assertEquals(0, channel.unsettled());
  }

  @Test
  void whatFindsNoRoomIsSubmittedAgainInOrderWhenAllHaveAnAnswer() throws InterruptedException {
    send(1, 4);
    answers.get(0).complete(null);
    refuse(2, Reason.FULL);
    settle();
    assertEquals(0, channel.room());
    assertFalse(publisher.check().healthy());
    ticker.advance(Duration.ofSeconds(10));
    settle();
    assertEquals(4, submitted.size());
    answers.get(3).complete(null);
    refuse(1, Reason.UNAVAILABLE);
    settle();
    assertEquals(6, submitted.size());
    assertEquals(List.of(2L, 3L), submitted.subList(4, 6).stream().map(Action::id).toList());
    answers.get(4).complete(null);
    answers.get(5).complete(null);
    settle();
    assertEquals(List.of(1L, 4L, 2L, 3L), published);
    assertTrue(publisher.check().healthy());
    assertEquals(List.of(), lost);
  }

  @Test
  void itWaitsBeforeItSubmitsAgain() throws InterruptedException {
    send(1, 1);
    refuse(0, Reason.FULL);
    settle();
    settle();
    assertEquals(1, submitted.size());
    ticker.advance(Duration.ofSeconds(1));
    settle();
    assertEquals(2, submitted.size());
  }

  @Test
  void whatIsTooLargeIsLost() throws InterruptedException {
    send(1, 2);
    refuse(0, Reason.TOO_LARGE);
    answers.get(1).complete(null);
    settle();
    assertEquals(List.of(Loss.TOO_LARGE), lost);
    assertEquals(List.of(2L), published);
  }

  @Test
  void noMoreIsOutThanThereIsRoomFor() {
    int room = channel.room();
    send(1, room);
    assertEquals(0, channel.room());
    assertEquals(room, channel.unsettled());
  }

  @Test
  void whatHasNoAnswerIsHandedBackInOrder() {
    send(1, 3);
    answers.get(1).complete(null);
    List<Outgoing> left = channel.abandon(this);
    assertEquals(List.of(1L, 3L), left.stream().map(out -> out.event().seq()).toList());
    assertEquals(List.of(2L), published);
    channel.close();
    assertTrue(publisher.check().healthy());
  }
}
