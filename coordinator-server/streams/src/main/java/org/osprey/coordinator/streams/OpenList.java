package org.osprey.coordinator.streams;

import com.google.errorprone.annotations.ThreadSafe;
import java.util.Collection;
import java.util.Comparator;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.osprey.coordinator.proto.streams.v1.ListStreamsReply;
import org.osprey.coordinator.proto.streams.v1.ListStreamsRequest;
import org.osprey.coordinator.proto.streams.v1.StateUpdate;
import org.osprey.coordinator.proto.streams.v1.StreamView;
import org.osprey.coordinator.streams.StreamCommands.UnreachableException;

/** A list that some coordinators have not given their part of yet. */
@ThreadSafe
final class OpenList {
  private static final Comparator<StreamView> BY_AGE =
      Comparator.comparing(
          StreamView::getState,
          Comparator.comparingLong(StateUpdate::getEpoch).thenComparingLong(StateUpdate::getSeq));

  @SuppressWarnings("ThreadSafe") // never changed
  private final Map<String, CompletableFuture<ListStreamsReply>> parts;

  private final long end;

  /**
   * @param parts by the names of those who give them
   * @param end ticker nanoseconds
   */
  OpenList(Map<String, CompletableFuture<ListStreamsReply>> parts, long end) {
    this.parts = parts;
    this.end = end;
  }

  boolean overdue(long now) {
    return end - now <= 0;
  }

  /** Leaves out what is missing. */
  void end() {
    parts
        .values()
        .forEach(part -> part.completeExceptionally(new UnreachableException("no answer in time")));
  }

  /** When nothing is missing any more. */
  CompletableFuture<Void> complete() {
    return CompletableFuture.allOf(parts.values().toArray(new CompletableFuture<?>[0]));
  }

  /** Who did not answer, in words that stay the same while it is so; null for nobody. */
  @Nullable String silent() {
    String names =
        parts.entrySet().stream()
            .filter(part -> part.getValue().isCompletedExceptionally())
            .map(Map.Entry::getKey)
            .sorted()
            .collect(Collectors.joining(","));
    return names.isEmpty() ? null : "no answer from " + names;
  }

  boolean answered() {
    return parts.values().stream().anyMatch(part -> !part.isCompletedExceptionally());
  }

  /** The first of what there is, when nothing is missing any more. */
  ListStreamsReply merge(ListStreamsRequest request) {
    return ListStreamsReply.newBuilder()
        .addAllStreams(
            views().stream()
                .filter(view -> view.getState().getStreamId().compareTo(request.getAfter()) > 0)
                .limit(request.getLimit())
                .toList())
        .build();
  }

  /** In the order of their ids. While one changes hands two may have it: the newer counts. */
  private Collection<StreamView> views() {
    Map<String, StreamView> views = new TreeMap<>();
    for (CompletableFuture<ListStreamsReply> part : parts.values()) {
      if (!part.isCompletedExceptionally()) {
        for (StreamView view : part.resultNow().getStreamsList()) {
          views.merge(
              view.getState().getStreamId(),
              view,
              (one, other) -> BY_AGE.compare(one, other) < 0 ? other : one);
        }
      }
    }
    return views.values();
  }
}
