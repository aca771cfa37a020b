package org.osprey.coordinator.streams;

import static org.osprey.coordinator.proto.streams.v1.Result.RESULT_UNKNOWN;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;
import org.osprey.coordinator.core.RootMessage;
import org.osprey.coordinator.proto.streams.v1.CommandReply;

/**
 * Has changed streams stored, and their commands answered after that. Of a stream that changes
 * while it is being stored only the newest state is stored next; what could not be stored is tried
 * again for as long as the stream is ours. Belongs to the thread of its shard.
 */
final class Saves {
  private static final Duration RETRY = Duration.ofSeconds(1);

  private final SnapshotStore store;
  private final Executor shard;
  private final Map<String, Save> saves = new HashMap<>();

  /** Those that have something to write and nothing on its way. */
  private final List<Save> due = new ArrayList<>();

  /** A command that is answered when its effect is stored. */
  private record Waiting(CompletableFuture<CommandReply> reply, CommandReply stored) {}

  /** What is going on with one stream. */
  private static final class Save {
    private final String streamId;
    private Hold hold;

    /** Null when it is to be removed. */
    private @Nullable ScheduledStream stream;

    /** What it was, when it is to be removed. */
    private @Nullable Snapshot leaving;

    /** Completes when what is on its way has arrived, or has failed. */
    private CompletableFuture<Void> way = CompletableFuture.completedFuture(null);

    private boolean changed;
    private boolean onItsWay;
    private long notBefore;
    private List<Waiting> sent = List.of();
    private List<Waiting> next = new ArrayList<>(1);

    private Save(String streamId, Hold hold, long now) {
      this.streamId = streamId;
      this.hold = hold;
      notBefore = now;
    }
  }

  /**
   * @param shard runs on the shard's thread what is not for the store's
   */
  Saves(SnapshotStore store, Executor shard) {
    this.store = store;
    this.shard = shard;
  }

  /** The stream is to be stored as it is at the next {@link #flush}. */
  void changed(ScheduledStream stream, long now) {
    Save save = save(stream, now);
    save.stream = stream;
    save.leaving = null;
    mark(save);
  }

  /**
   * The stream is to be removed.
   *
   * @param leaving what it was
   */
  void abandoned(ScheduledStream stream, Snapshot leaving, long now) {
    Save save = save(stream, now);
    save.stream = null;
    save.leaving = leaving;
    mark(save);
  }

  private Save save(ScheduledStream stream, long now) {
    Save save = saves.computeIfAbsent(stream.id(), id -> new Save(id, stream.hold(), now));
    save.hold = stream.hold();
    return save;
  }

  private void mark(Save save) {
    if (!save.changed) {
      save.changed = true;
      if (!save.onItsWay) {
        due.add(save);
      }
    }
  }

  /** What a stream was that is on its way out; null for others. */
  @Nullable Snapshot leaving(String streamId) {
    Save save = saves.get(streamId);
    return save == null ? null : save.leaving;
  }

  /** Answers when all is stored that has changed; at once when it is. */
  void answer(String streamId, CompletableFuture<CommandReply> reply, CommandReply stored) {
    Save save = saves.get(streamId);
    if (save == null || !save.changed) {
      reply.complete(stored);
    } else {
      save.next.add(new Waiting(reply, stored));
    }
  }

  /** Has everything written that has changed. */
  void flush(long now) {
    if (due.isEmpty()) {
      return;
    }
    List<Save> later = new ArrayList<>(0);
    for (Save save : due) {
      if (save.notBefore - now > 0) {
        later.add(save);
      } else {
        write(save, now);
      }
    }
    due.clear();
    due.addAll(later);
  }

  private void write(Save save, long now) {
    save.changed = false;
    save.onItsWay = true;
    save.sent = save.next;
    save.next = new ArrayList<>(1);
    CompletableFuture<Void> way = new CompletableFuture<>();
    save.way = way;
    CompletionStage<Void> written =
        save.stream == null
            ? store.remove(save.hold, save.streamId)
            : store.save(save.hold, save.stream.snapshot(now));
    written.whenComplete(
        (nothing, failure) ->
            shard.execute(
                () -> {
                  written(save, failure, now + RETRY.toNanos());
                  way.complete(null);
                }));
  }

  private void written(Save save, @Nullable Throwable failure, long retryAt) {
    List<Waiting> answered = save.sent;
    save.onItsWay = false;
    save.sent = List.of();
    if (saves.get(save.streamId) != save) {
      return;
    }
    if (failure == null) {
      answered.forEach(one -> one.reply().complete(one.stored()));
    } else if (failure instanceof SnapshotStore.NotHeldException) {
      answer(answered, Answer.NOT_OWNER);
      answer(save.next, Answer.NOT_OWNER);
      saves.remove(save.streamId);
      return;
    } else {
      answer(answered, notStored(failure));
      save.changed = true;
      save.notBefore = retryAt;
    }
    if (save.changed) {
      due.add(save);
    } else {
      saves.remove(save.streamId);
    }
  }

  private static void answer(List<Waiting> waiting, Answer answer) {
    waiting.forEach(one -> one.reply().complete(answer.reply()));
  }

  private static Answer notStored(Throwable failure) {
    return Answer.of(RESULT_UNKNOWN, "done, but not stored yet: " + RootMessage.of(failure));
  }

  /** Somebody else has the partition: what is not stored by now never will be. */
  void lost(int partition) {
    saves.values().removeIf(save -> save.hold.partition() == partition && given(save));
    due.removeIf(save -> save.hold.partition() == partition);
  }

  private static boolean given(Save save) {
    answer(save.sent, Answer.of(RESULT_UNKNOWN, "another coordinator took the stream over"));
    answer(save.next, Answer.NOT_OWNER);
    return true;
  }

  /** Completes when all of the partition that is on its way has arrived, or has failed. */
  CompletableFuture<Void> arrived(int partition) {
    return CompletableFuture.allOf(
        saves.values().stream()
            .filter(save -> save.hold.partition() == partition)
            .map(save -> save.way)
            .toArray(CompletableFuture[]::new));
  }
}
