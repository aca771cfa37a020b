package org.osprey.coordinator.core;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.osprey.coordinator.core.DeadLetterOperations.Replayed;
import org.osprey.coordinator.core.DeadLetterStore.StoredLetter;
import org.osprey.coordinator.core.Intake.Admission;

/** Some letters on their way through the dispatcher. One thread offers; any thread finishes. */
final class ReplayBatch {
  private static final Duration LONGEST_WAIT = Duration.ofSeconds(1);
  private static final String REPLAY_OF = " replay_of=";

  private final Intake intake;
  private final Ticker ticker;
  private final long end;
  private int undecodable;
  private boolean complete = true;

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition finished = lock.newCondition();

  @GuardedBy("lock")
  private final List<String> settled = new ArrayList<>();

  @GuardedBy("lock")
  private int out;

  @GuardedBy("lock")
  private int givenUpAgain;

  /**
   * @param end ticker nanoseconds until which the batch may take
   */
  ReplayBatch(Intake intake, Ticker ticker, long end) {
    this.intake = intake;
    this.ticker = ticker;
    this.end = end;
  }

  /**
   * Waits for room if there is none.
   *
   * @param action null when the letter holds none
   */
  void offer(StoredLetter stored, @Nullable Action action) throws InterruptedException {
    if (action == null) {
      undecodable++;
      return;
    }
    change(1);
    if (!offered(Delivery.async(action, stored.letter().source(), null, new Handle(stored)))) {
      change(-1);
      complete = false;
    }
  }

  /** Blocks until all have an outcome, or the time is over. */
  void await() throws InterruptedException {
    lock.lock();
    try {
      long left = end - ticker.nanos();
      while (out > 0 && left > 0) {
        finished.awaitNanos(Math.min(left, LONGEST_WAIT.toNanos()));
        left = end - ticker.nanos();
      }
      complete &= out == 0;
    } finally {
      lock.unlock();
    }
  }

  /** Ids of letters that are not needed any more. */
  List<String> settled() {
    lock.lock();
    try {
      return List.copyOf(settled);
    } finally {
      lock.unlock();
    }
  }

  Replayed report() {
    lock.lock();
    try {
      return new Replayed(settled.size() - givenUpAgain, givenUpAgain, undecodable, out, complete);
    } finally {
      lock.unlock();
    }
  }

  private boolean offered(Delivery delivery) throws InterruptedException {
    Admission admission = intake.offer(delivery);
    while (admission == Admission.FULL && ticker.nanos() - end < 0) {
      if (intake.awaitRoom(LONGEST_WAIT)) {
        // There is room, but perhaps not enough for this one: do not spin.
        Thread.sleep(1);
      }
      admission = intake.offer(delivery);
    }
    return admission == Admission.ACCEPTED;
  }

  private void change(int by) {
    lock.lock();
    try {
      out += by;
    } finally {
      lock.unlock();
    }
  }

  private void finish(StoredLetter stored, Outcome outcome) {
    lock.lock();
    try {
      out--;
      switch (outcome) {
        case Outcome.Acked acked -> settled.add(stored.id());
        case Outcome.DeadLettered again -> {
          settled.add(stored.id());
          givenUpAgain++;
        }
        // Never for async deliveries; whatever it was, the letter stays.
        case Outcome.Nacked nacked -> complete = false;
        case Outcome.Expired expired -> complete = false;
        case Outcome.Rejected rejected -> complete = false;
      }
      finished.signal();
    } finally {
      lock.unlock();
    }
  }

  private final class Handle implements Delivery.Handle {
    private final StoredLetter stored;

    private Handle(StoredLetter stored) {
      this.stored = stored;
    }

    @Override
    public void finished(Outcome outcome) {
      finish(stored, outcome);
    }

    /** Another one than the letter's, so that a store does not take a new letter for the old. */
    @Override
    public String origin() {
      String origin = stored.letter().origin();
      int suffix = origin.indexOf(REPLAY_OF);
      return (suffix < 0 ? origin : origin.substring(0, suffix)) + REPLAY_OF + stored.id();
    }
  }
}
