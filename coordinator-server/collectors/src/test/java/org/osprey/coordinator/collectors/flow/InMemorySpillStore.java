package org.osprey.coordinator.collectors.flow;

import com.google.errorprone.annotations.ThreadSafe;
import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** A disk that lasts as long as the test, and fails when told to. */
@ThreadSafe
public final class InMemorySpillStore implements SpillStore {
  private static final Comparator<Batch> ORDER =
      Comparator.comparingLong(Batch::epoch)
          .thenComparingLong(Batch::firstSeq)
          .thenComparingLong(Batch::row);

  @GuardedBy("this")
  private final List<Batch> rows = new ArrayList<>();

  @GuardedBy("this")
  private long lastRow;

  @GuardedBy("this")
  private boolean failing;

  @GuardedBy("this")
  private boolean failingAfterwards;

  @GuardedBy("this")
  private int appended;

  @GuardedBy("this")
  private @Nullable Random unruly;

  @Override
  public synchronized void append(List<Encoded> batch) {
    requireWorking();
    Encoded first = batch.getFirst();
    rows.add(
        new Batch(++lastRow, first.collector(), first.epoch(), first.seq(), batch, batch.size()));
    rows.sort(ORDER);
    appended++;
    if (failingAfterwards || (unruly != null && unruly.nextInt(20) == 0)) {
      failingAfterwards = false;
      throw new SpillException("the disk did not answer", new IllegalStateException());
    }
  }

  @Override
  public synchronized @Nullable Batch next(String collector, @Nullable Batch after) {
    requireWorking();
    return rows.stream()
        .filter(row -> row.collector().equals(collector))
        .filter(row -> after == null || ORDER.compare(row, after) > 0)
        .findFirst()
        .orElse(null);
  }

  @Override
  public synchronized void delete(Batch batch) {
    requireWorking();
    rows.removeIf(row -> row.row() == batch.row());
  }

  @Override
  public synchronized Map<String, Totals> totals() {
    requireWorking();
    Map<String, Totals> totals = new TreeMap<>();
    for (Batch row : rows) {
      long bytes = row.events().stream().mapToLong(event -> event.body().length).sum();
      totals.merge(
          row.collector(),
          new Totals(row.count(), bytes),
          (a, b) -> new Totals(a.events() + b.events(), a.bytes() + b.bytes()));
    }
    return totals;
  }

  /** Fails from now on, or works again. */
  public synchronized void failing(boolean now) {
    failing = now;
  }

  /** Stores the next row, and fails all the same. */
  public synchronized void failAfterwards() {
    failingAfterwards = true;
  }

  /** From now on fails now and then, also after it has stored a row; null for no more. */
  public synchronized void unruly(@Nullable Random random) {
    unruly = random;
  }

  /** Makes the oldest row unreadable. */
  public synchronized void corruptFirst() {
    Batch first = rows.removeFirst();
    rows.addFirst(
        new Batch(
            first.row(),
            first.collector(),
            first.epoch(),
            first.firstSeq(),
            List.of(),
            first.count()));
  }

  public synchronized int rows() {
    return rows.size();
  }

  /** Rows that were ever stored. */
  public synchronized int appended() {
    return appended;
  }

  /** The sequence numbers of one collector's events, in order. */
  public synchronized List<Long> seqs(String collector) {
    return rows.stream()
        .filter(row -> row.collector().equals(collector))
        .flatMap(row -> row.events().stream())
        .map(Encoded::seq)
        .toList();
  }

  @GuardedBy("this")
  private void requireWorking() {
    if (failing || (unruly != null && unruly.nextInt(20) == 0)) {
      throw new SpillException("the disk is broken", new IllegalStateException("broken"));
    }
  }
}
