package org.osprey.coordinator.streams;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.osprey.coordinator.proto.streams.v1.StreamMode;

/** Keeps snapshots in memory; a test may hold writes back, or have them fail. */
final class MemoryStore implements SnapshotStore {
  final Map<String, Snapshot> kept = new TreeMap<>();
  @Nullable RuntimeException failure;
  int writes;

  /** Null while writes are done at once. */
  private @Nullable List<Runnable> heldBack;

  /** Null when the stream is not kept. */
  @Nullable StreamMode mode(String streamId) {
    Snapshot snapshot = kept.get(streamId);
    return snapshot == null ? null : snapshot.mode();
  }

  void holdBack() {
    heldBack = new ArrayList<>();
  }

  void letGo() {
    List<Runnable> waiting = heldBack;
    heldBack = null;
    if (waiting != null) {
      waiting.forEach(Runnable::run);
    }
  }

  @Override
  public CompletionStage<Void> save(Hold hold, Snapshot snapshot) {
    return write(() -> kept.put(snapshot.streamId(), snapshot));
  }

  @Override
  public CompletionStage<Void> remove(Hold hold, String streamId) {
    return write(() -> kept.remove(streamId));
  }

  private CompletionStage<Void> write(Runnable work) {
    writes++;
    CompletableFuture<Void> written = new CompletableFuture<>();
    RuntimeException fault = failure;
    Runnable now =
        () -> {
          if (fault == null) {
            work.run();
            written.complete(null);
          } else {
            written.completeExceptionally(fault);
          }
        };
    if (heldBack == null) {
      now.run();
    } else {
      heldBack.add(now);
    }
    return written;
  }

  @Override
  public List<Snapshot> load(int partition) {
    return kept.values().stream()
        .filter(snapshot -> Hold.partitionOf(snapshot.streamId()) == partition)
        .toList();
  }
}
