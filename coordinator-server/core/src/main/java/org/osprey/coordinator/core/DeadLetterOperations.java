package org.osprey.coordinator.core;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.osprey.coordinator.core.DeadLetterStore.Snapshot;
import org.osprey.coordinator.core.DeadLetterStore.StoredLetter;

/**
 * What an operator does with dead letters: list, show, replay, purge. Each works on what is in the
 * store when it begins, so none goes on for ever. The methods block; any thread may call them.
 */
public final class DeadLetterOperations {
  private static final int BATCH = 100;

  private final DeadLetterStore store;
  private final Intake intake;
  private final Decoder decoder;
  private final Ticker ticker;
  private final ReentrantLock replaying = new ReentrantLock();

  /** Tries once more to read what was no action; perhaps the configuration knows it by now. */
  @FunctionalInterface
  public interface Decoder {
    /** The action, or null when it is still none. */
    @Nullable Action decode(DeadLetter.Undecoded message);
  }

  /**
   * How a replay went.
   *
   * @param replayed letters that were handled this time, and are gone
   * @param givenUpAgain letters whose action failed again and is a new letter now
   * @param undecodable letters that are still no actions, and stay
   * @param unfinished letters whose action was not finished in time, and stay; it may still be
   *     handled
   * @param complete whether every letter of the snapshot was looked at
   */
  public record Replayed(
      int replayed, int givenUpAgain, int undecodable, int unfinished, boolean complete) {

    private Replayed with(Replayed more) {
      return new Replayed(
          replayed + more.replayed,
          givenUpAgain + more.givenUpAgain,
          undecodable + more.undecodable,
          unfinished + more.unfinished,
          more.complete);
    }
  }

  public DeadLetterOperations(
      DeadLetterStore store, Intake intake, Decoder decoder, Ticker ticker) {
    this.store = store;
    this.intake = intake;
    this.decoder = decoder;
    this.ticker = ticker;
  }

  /**
   * The oldest first.
   *
   * @param after the id of the last one of the page before, or null
   */
  public List<StoredLetter> list(@Nullable String after, int limit) {
    try (Snapshot snapshot = store.snapshot(after)) {
      return snapshot.next(limit);
    }
  }

  public @Nullable StoredLetter show(String id) {
    return store.find(id);
  }

  /**
   * Gives letters to the workers once more and throws away those that are settled by it.
   *
   * @param atMost how long to wait for workers in all
   * @throws IllegalStateException when another replay is under way
   */
  public Replayed replay(Predicate<StoredLetter> wanted, Duration atMost)
      throws InterruptedException {
    if (!replaying.tryLock()) {
      throw new IllegalStateException("another replay is under way");
    }
    try (Snapshot snapshot = store.snapshot(null)) {
      return replay(snapshot, wanted, ticker.nanos() + atMost.toNanos());
    } finally {
      replaying.unlock();
    }
  }

  /**
   * Throws letters away for good.
   *
   * @return how many are gone
   */
  public int purge(Predicate<StoredLetter> wanted) {
    int gone = 0;
    try (Snapshot snapshot = store.snapshot(null)) {
      for (List<StoredLetter> batch = snapshot.next(BATCH);
          !batch.isEmpty();
          batch = snapshot.next(BATCH)) {
        gone += store.remove(batch.stream().filter(wanted).map(StoredLetter::id).toList());
      }
    }
    return gone;
  }

  private Replayed replay(Snapshot snapshot, Predicate<StoredLetter> wanted, long end)
      throws InterruptedException {
    Replayed sum = new Replayed(0, 0, 0, 0, true);
    for (List<StoredLetter> batch = snapshot.next(BATCH);
        !batch.isEmpty() && sum.complete;
        batch = snapshot.next(BATCH)) {
      ReplayBatch replay = new ReplayBatch(intake, ticker, end);
      for (StoredLetter stored : batch.stream().filter(wanted).toList()) {
        replay.offer(stored, action(stored.letter()));
      }
      replay.await();
      List<String> settled = new ArrayList<>(replay.settled());
      store.remove(settled);
      sum = sum.with(replay.report());
    }
    return sum;
  }

  private @Nullable Action action(DeadLetter letter) {
    return switch (letter.content()) {
      case DeadLetter.Decoded decoded -> decoded.action();
      case DeadLetter.Undecoded undecoded -> decoder.decode(undecoded);
    };
  }
}
