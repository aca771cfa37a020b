package org.osprey.coordinator.core;

import com.google.errorprone.annotations.ThreadSafe;
import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.NavigableMap;
import java.util.Queue;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** Dead letters as long as the process lives: for tests and simulations. */
@ThreadSafe
public final class InMemoryDeadLetters implements DeadLetterStore {
  private final InstantSource clock;

  @GuardedBy("this")
  private final NavigableMap<Long, StoredLetter> letters = new TreeMap<>();

  @GuardedBy("this")
  private long lastId;

  public InMemoryDeadLetters(InstantSource clock) {
    this.clock = clock;
  }

  public InMemoryDeadLetters() {
    this(InstantSource.system());
  }

  @Override
  public synchronized CompletionStage<Void> put(DeadLetter letter) {
    lastId++;
    letters.put(lastId, new StoredLetter(Long.toString(lastId), clock.instant(), letter));
    return CompletableFuture.completedFuture(null);
  }

  @Override
  public synchronized Snapshot snapshot(@Nullable String after) {
    long start = after == null ? 0 : number(after);
    return new Walk(letters.tailMap(start, false).values());
  }

  @Override
  public synchronized @Nullable StoredLetter find(String id) {
    return letters.get(number(id));
  }

  @Override
  public synchronized int remove(Collection<String> ids) {
    int before = letters.size();
    for (String id : ids) {
      letters.remove(number(id));
    }
    return before - letters.size();
  }

  /** An id that was never given stands for a place before all letters. */
  private static long number(String id) {
    return id.matches("[0-9]{1,18}") ? Long.parseLong(id) : 0;
  }

  public synchronized List<DeadLetter> kept() {
    return letters.values().stream().map(StoredLetter::letter).toList();
  }

  private static final class Walk implements Snapshot {
    private final Queue<StoredLetter> left;

    private Walk(Collection<StoredLetter> letters) {
      left = new ArrayDeque<>(letters);
    }

    @Override
    public List<StoredLetter> next(int limit) {
      List<StoredLetter> batch = new ArrayList<>();
      while (batch.size() < limit && !left.isEmpty()) {
        batch.add(left.remove());
      }
      return batch;
    }

    @Override
    public void close() {}
  }
}
