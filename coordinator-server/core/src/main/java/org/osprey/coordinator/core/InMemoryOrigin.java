package org.osprey.coordinator.core;

import com.google.errorprone.annotations.ThreadSafe;
import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** A broker in miniature: messages until they are finished, kept as long as the process lives. */
@ThreadSafe
public final class InMemoryOrigin {
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition added = lock.newCondition();

  /** By place: those nobody has, and those a source has and has not finished. */
  @GuardedBy("lock")
  private final NavigableMap<Long, Message> waiting = new TreeMap<>();

  @GuardedBy("lock")
  private final Map<Long, Message> taken = new LinkedHashMap<>();

  @GuardedBy("lock")
  private final Map<Long, Outcome> outcomes = new LinkedHashMap<>();

  @GuardedBy("lock")
  private long places;

  @GuardedBy("lock")
  private long finishedBroken;

  /** What is at one place: an action, or a message that is none. */
  sealed interface Message {
    long place();
  }

  /**
   * @param attributes what came with it
   */
  record Good(
      long place, Action action, @Nullable String orderingKey, Map<String, String> attributes)
      implements Message {}

  record Broken(long place, DeadLetter.Undecoded content, String error) implements Message {}

  public void add(Action action) {
    add(action, null);
  }

  public void add(Action action, @Nullable String orderingKey) {
    add(action, orderingKey, Map.of());
  }

  /**
   * @param attributes what comes with it, such as trace context
   */
  public void add(Action action, @Nullable String orderingKey, Map<String, String> attributes) {
    lock.lock();
    try {
      put(new Good(++places, action, orderingKey, Map.copyOf(attributes)));
    } finally {
      lock.unlock();
    }
  }

  /** Adds it unless so many are unfinished already. */
  boolean addWithin(int room, Action action) {
    lock.lock();
    try {
      if (waiting.size() + taken.size() >= room) {
        return false;
      }
      put(new Good(++places, action, null, Map.of()));
      return true;
    } finally {
      lock.unlock();
    }
  }

  /**
   * @param error why it is no action
   */
  public void addBroken(DeadLetter.Undecoded content, String error) {
    lock.lock();
    try {
      put(new Broken(++places, content, error));
    } finally {
      lock.unlock();
    }
  }

  /** How each finished action ended, by its id. */
  public Map<Long, Outcome> outcomes() {
    lock.lock();
    try {
      return Map.copyOf(outcomes);
    } finally {
      lock.unlock();
    }
  }

  /** The first that nobody has, which then is the caller's; null when none comes in that time. */
  @Nullable Message take(Duration atMost) throws InterruptedException {
    lock.lock();
    try {
      long left = atMost.toNanos();
      while (waiting.isEmpty() && left > 0) {
        left = added.awaitNanos(left);
      }
      Map.Entry<Long, Message> first = waiting.pollFirstEntry();
      if (first == null) {
        return null;
      }
      taken.put(first.getKey(), first.getValue());
      return first.getValue();
    } finally {
      lock.unlock();
    }
  }

  void finish(Broken message) {
    lock.lock();
    try {
      finishedBroken++;
      taken.remove(message.place());
    } finally {
      lock.unlock();
    }
  }

  void finish(Good message, Outcome outcome) {
    lock.lock();
    try {
      taken.remove(message.place());
      outcomes.put(message.action().id(), outcome);
    } finally {
      lock.unlock();
    }
  }

  /** Whatever was taken and not finished can be taken again. */
  void giveBack() {
    lock.lock();
    try {
      waiting.putAll(taken);
      taken.clear();
    } finally {
      lock.unlock();
    }
  }

  String progress() {
    lock.lock();
    try {
      return "%d of %d finished".formatted(places - waiting.size() - taken.size(), places);
    } finally {
      lock.unlock();
    }
  }

  SourceProgress sourceProgress() {
    lock.lock();
    try {
      long lag = (long) waiting.size() + taken.size();
      return new SourceProgress(
          places - waiting.size(), finishedBroken, 0, 0, taken.size(), lag, Duration.ZERO);
    } finally {
      lock.unlock();
    }
  }

  @GuardedBy("lock")
  private void put(Message message) {
    waiting.put(message.place(), message);
    added.signal();
  }
}
