package org.osprey.coordinator.collectors.flow;

import com.google.errorprone.annotations.ThreadSafe;
import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import org.osprey.coordinator.core.Check;

/**
 * Keeps what it is given, in order, and answers at once unless told otherwise: it can be down, hold
 * its answers, or answer late, out of order and with losses.
 */
@ThreadSafe
public final class RecordingPublisher implements Publisher {
  private static final int WINDOW = 4_096;

  private final List<Runnable> wakes = new CopyOnWriteArrayList<>();

  @GuardedBy("this")
  private final List<Channel.Outgoing> sent = new ArrayList<>();

  @GuardedBy("this")
  private boolean down;

  @GuardedBy("this")
  private boolean held;

  @GuardedBy("this")
  private int window = WINDOW;

  @GuardedBy("this")
  private @Nullable Random unruly;

  @GuardedBy("this")
  private int open;

  /** All that was sent and not handed back, in order. */
  public synchronized List<Channel.Outgoing> sent() {
    return List.copyOf(sent);
  }

  /** The sequence numbers of one collector, in the order in which they were sent. */
  public List<Long> seqs(String collector) {
    return sent().stream()
        .map(Channel.Outgoing::event)
        .filter(event -> event.collector().equals(collector))
        .map(Encoded::seq)
        .toList();
  }

  public synchronized int count() {
    return sent.size();
  }

  /** Channels that are open. */
  public synchronized int open() {
    return open;
  }

  /** Has no room until {@link #up}, and answers nothing. */
  public synchronized void down() {
    down = true;
  }

  public void up() {
    synchronized (this) {
      down = false;
    }
    wake();
  }

  /** Takes events and answers for none of them until {@link #release}. */
  public synchronized void hold() {
    held = true;
  }

  public void release() {
    synchronized (this) {
      held = false;
    }
    wake();
  }

  /** How many may be without an answer, for each channel. */
  public synchronized void window(int events) {
    window = events;
  }

  /** From now on answers late, in any order, and one in ten with a loss. */
  public synchronized void unruly(long seed) {
    unruly = new Random(seed);
  }

  private void wake() {
    wakes.forEach(Runnable::run);
  }

  @Override
  public synchronized Channel open(Runnable wake) {
    wakes.add(wake);
    open++;
    return new RecordingChannel();
  }

  @Override
  public Check check() {
    return Check.ok("recording", "records");
  }

  @Override
  public void close() {}

  private final class RecordingChannel implements Channel {
    private final List<Outgoing> unsettled = new ArrayList<>();

    @Override
    public int room() {
      synchronized (RecordingPublisher.this) {
        return down ? 0 : window - unsettled.size();
      }
    }

    @Override
    public void send(List<Outgoing> events) {
      synchronized (RecordingPublisher.this) {
        if (events.size() > window - unsettled.size()) {
          throw new IllegalStateException("got more events than there is room for");
        }
        sent.addAll(events);
        unsettled.addAll(events);
      }
    }

    @Override
    public void settle(Settlements settlements, Duration atMost) {
      List<Outgoing> answered = new ArrayList<>();
      List<Outgoing> lost = new ArrayList<>();
      synchronized (RecordingPublisher.this) {
        if (down || held) {
          return;
        }
        if (unruly == null) {
          answered.addAll(unsettled);
        } else {
          choose(unruly, answered, lost);
        }
      }
      unsettled.removeAll(answered);
      unsettled.removeAll(lost);
      answered.forEach(settlements::published);
      lost.forEach(event -> settlements.lost(event, Loss.UNCONFIRMED));
    }

    private void choose(Random random, List<Outgoing> answered, List<Outgoing> lost) {
      for (Outgoing event : unsettled) {
        switch (random.nextInt(10)) {
          case 0 -> lost.add(event);
          case 1, 2, 3, 4 -> {}
          default -> answered.add(event);
        }
      }
      Collections.shuffle(answered, random);
    }

    @Override
    public int unsettled() {
      return unsettled.size();
    }

    @Override
    public List<Outgoing> abandon(Settlements settlements) {
      List<Outgoing> left = List.copyOf(unsettled);
      unsettled.clear();
      synchronized (RecordingPublisher.this) {
        sent.removeAll(left);
      }
      return left;
    }

    @Override
    public void close() {
      synchronized (RecordingPublisher.this) {
        open--;
      }
    }
  }
}
