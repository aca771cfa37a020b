package org.osprey.coordinator.streams;

import com.google.errorprone.annotations.ThreadSafe;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.osprey.coordinator.core.Outage;
import org.osprey.coordinator.core.Ticker;
import org.osprey.coordinator.proto.streams.v1.ListStreamsReply;
import org.osprey.coordinator.proto.streams.v1.ListStreamsRequest;
import org.osprey.coordinator.streams.StreamCommands.UnreachableException;

/** Asks every coordinator for its streams. */
@ThreadSafe
final class StreamLists {
  private static final int MOST_OPEN = 1_000;
  private static final int USUAL_LIMIT = 100;

  /** One more than a page has, so that it shows whether another follows. */
  private static final int GREATEST_LIMIT = 1_001;

  @SuppressWarnings("ThreadSafe") // it changes nothing
  private final Function<String, @Nullable StreamCommands> commands;

  @SuppressWarnings("ThreadSafe") // it is
  private final Ownership ownership;

  private final Ticker ticker;
  private final Duration atMost;

  @SuppressWarnings("ThreadSafe") // it is
  private final Set<OpenList> open = ConcurrentHashMap.newKeySet();

  private final Outage outage = new Outage("list of streams");

  /**
   * @param commands of a coordinator; null where it cannot be reached
   * @param atMost how long an answer is waited for
   */
  StreamLists(
      Function<String, @Nullable StreamCommands> commands,
      Ownership ownership,
      Ticker ticker,
      Duration atMost) {
    this.commands = commands;
    this.ownership = ownership;
    this.ticker = ticker;
    this.atMost = atMost;
  }

  CompletionStage<ListStreamsReply> list(ListStreamsRequest request) {
    if (open.size() >= MOST_OPEN) {
      return CompletableFuture.failedStage(
          new UnreachableException("%d lists are waited for already".formatted(MOST_OPEN)));
    }
    ListStreamsRequest bounded = request.toBuilder().setLimit(limit(request)).build();
    OpenList list = new OpenList(ask(bounded), ticker.nanos() + atMost.toNanos());
    open.add(list);
    CompletableFuture<ListStreamsReply> reply = new CompletableFuture<>();
    CompletionStage<Void> complete = list.complete();
    complete.whenComplete((nothing, failure) -> end(list, bounded, reply));
    return reply;
  }

  private void end(
      OpenList list, ListStreamsRequest request, CompletableFuture<ListStreamsReply> reply) {
    open.remove(list);
    outage.report(list.silent());
    if (list.answered()) {
      reply.complete(list.merge(request));
    } else {
      reply.completeExceptionally(
          new UnreachableException("no coordinator gave its streams in time"));
    }
  }

  boolean isEmpty() {
    return open.isEmpty();
  }

  /** Who has not answered in time is left out. */
  void endOverdue() {
    long now = ticker.nanos();
    for (OpenList list : open) {
      if (list.overdue(now)) {
        list.end();
      }
    }
  }

  void close() {
    open.forEach(OpenList::end);
  }

  private Map<String, CompletableFuture<ListStreamsReply>> ask(ListStreamsRequest request) {
    Map<String, CompletableFuture<ListStreamsReply>> parts = new LinkedHashMap<>();
    for (String instance : ownership.instances()) {
      StreamCommands streams = commands.apply(instance);
      parts.put(
          instance,
          streams == null
              ? CompletableFuture.failedFuture(new UnreachableException("nats is needed for that"))
              : streams.list(request).toCompletableFuture().copy());
    }
    return parts;
  }

  /** How many are wanted at most; 0 stands for the usual number. */
  static int limit(ListStreamsRequest request) {
    if (request.getLimit() == 0) {
      return USUAL_LIMIT;
    }
    return Integer.compareUnsigned(request.getLimit(), GREATEST_LIMIT) > 0
        ? GREATEST_LIMIT
        : request.getLimit();
  }
}
