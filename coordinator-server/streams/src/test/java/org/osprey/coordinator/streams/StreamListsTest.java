package org.osprey.coordinator.streams;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.osprey.coordinator.core.ManualTicker;
import org.osprey.coordinator.proto.streams.v1.ListStreamsReply;
import org.osprey.coordinator.proto.streams.v1.ListStreamsRequest;
import org.osprey.coordinator.streams.StreamCommands.UnreachableException;

class StreamListsTest {
  private static final Duration AT_MOST = Duration.ofSeconds(3);

  private final ManualTicker ticker = new ManualTicker();
  private final FakeOwnership ownership = new FakeOwnership("me");
  private final FakeStreams mine = new FakeStreams("me");
  private final FakeStreams others = new FakeStreams("other");
  private final StreamLists lists =
      new StreamLists(Map.of("me", mine, "other", others)::get, ownership, ticker, AT_MOST);

  @BeforeEach
  void two() {
    ownership.instances = List.of("me", "other");
  }

  @Test
  void allStreamsComeInOneOrder() {
    mine.lists(1, "a", "c", "e");
    others.lists(1, "b", "d");
    assertEquals(List.of("a", "b", "c", "d", "e"), ids(now(list("", 0))));
    assertEquals(List.of("a", "b", "c"), ids(now(list("", 3))));
    assertEquals(List.of("d", "e"), ids(now(list("c", 3))));
    assertTrue(lists.isEmpty());
  }

  @Test
  void aStreamThatChangesHandsIsThereOnce() {
    mine.lists(1, "a", "b");
    others.lists(2, "a");
    ListStreamsReply reply = now(list("", 0));
    assertEquals(List.of("a", "b"), ids(reply));
    assertEquals("other", reply.getStreams(0).getInstance());
  }

  @Test
  void theLimitIsBounded() {
    for (int[] limit :
        new int[][] {{0, 100}, {1, 1}, {1_001, 1_001}, {1_002, 1_001}, {-1, 1_001}}) {
      mine.asked.clear();
      assertEquals(List.of(), ids(now(list("x", limit[0]))));
      assertEquals(
          List.of(ListStreamsRequest.newBuilder().setAfter("x").setLimit(limit[1]).build()),
          mine.asked);
    }
  }

  @Test
  void whoDoesNotAnswerInTimeIsLeftOut() {
    mine.lists(1, "a");
    others.lists(new CompletableFuture<>());
    CompletableFuture<ListStreamsReply> reply = list("", 0).toCompletableFuture();
    ticker.advance(AT_MOST.minusNanos(1));
    lists.endOverdue();
    assertFalse(reply.isDone());
    assertFalse(lists.isEmpty());
    ticker.advance(Duration.ofNanos(1));
    lists.endOverdue();
    assertEquals(List.of("a"), ids(now(reply)));
    assertTrue(lists.isEmpty());
  }

  @Test
  void whoCannotBeReachedIsLeftOut() {
    ownership.instances = List.of("me", "nobody knows");
    mine.lists(1, "a");
    assertEquals(List.of("a"), ids(now(list("", 0))));
  }

  @Test
  void withNoAnswerAtAllItFails() {
    mine.lists(CompletableFuture.failedStage(new IllegalStateException("broken")));
    others.lists(CompletableFuture.failedStage(new UnreachableException("gone")));
    assertInstanceOf(UnreachableException.class, failure(list("", 0)));
  }

  @Test
  void noMoreAreOpenThanMay() {
    others.lists(new CompletableFuture<>());
    List<CompletionStage<ListStreamsReply>> open = new ArrayList<>();
    for (int i = 0; i < 1_000; i++) {
      open.add(list("", 0));
    }
    assertInstanceOf(UnreachableException.class, failure(list("", 0)));
    ticker.advance(AT_MOST);
    lists.endOverdue();
    open.forEach(reply -> assertEquals(List.of(), ids(now(reply))));
    others.lists(1, "a");
    assertEquals(List.of("a"), ids(now(list("", 0))));
  }

  private CompletionStage<ListStreamsReply> list(String after, int limit) {
    return lists.list(ListStreamsRequest.newBuilder().setAfter(after).setLimit(limit).build());
  }

  private static ListStreamsReply now(CompletionStage<ListStreamsReply> reply) {
    return reply.toCompletableFuture().resultNow();
  }

  private static Throwable failure(CompletionStage<ListStreamsReply> reply) {
    return reply.handle((value, failure) -> failure).toCompletableFuture().resultNow();
  }

  private static List<String> ids(ListStreamsReply reply) {
    return reply.getStreamsList().stream().map(view -> view.getState().getStreamId()).toList();
  }
}
