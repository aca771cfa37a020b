package org.osprey.coordinator.it;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.util.Map;
import java.util.TreeMap;

/** What arrived of collectors' events: whether each came, once, and in order. */
final class CollectedEvents {
  private static final String ID = "\"id\":\"";
  private static final int BASE = 36;

  @GuardedBy("this")
  private final Map<String, Sequence> sequences = new TreeMap<>();

  /** The events of one collector; a later epoch begins at 1 again. */
  private static final class Sequence {
    private long epoch;
    private long last;
    private long count;
    private long missing;
    private long notInOrder;

    private void add(long epochNow, long seq) {
      if (epochNow > epoch) {
        epoch = epochNow;
        last = 0;
      }
      if (epochNow < epoch || seq <= last) {
        notInOrder++;
        return;
      }
      missing += seq - last - 1;
      last = seq;
      count++;
    }
  }

  /**
   * @param body an event
   */
  synchronized void add(byte[] body) {
    String text = new String(body, ISO_8859_1);
    int begin = text.indexOf(ID) + ID.length();
    String id = text.substring(begin, text.indexOf('"', begin));
    int seq = id.lastIndexOf('-');
    int epoch = id.lastIndexOf('-', seq - 1);
    sequences
        .computeIfAbsent(id.substring(0, epoch), name -> new Sequence())
        .add(
            Long.parseLong(id.substring(epoch + 1, seq), BASE),
            Long.parseLong(id.substring(seq + 1)));
  }

  synchronized long count() {
    return sequences.values().stream().mapToLong(sequence -> sequence.count).sum();
  }

  synchronized long count(String collector) {
    Sequence sequence = sequences.get(collector);
    return sequence == null ? 0 : sequence.count;
  }

  /** The greatest number seen of a collector in its latest epoch. */
  synchronized long last(String collector) {
    Sequence sequence = sequences.get(collector);
    return sequence == null ? 0 : sequence.last;
  }

  /** Between the first number of an epoch and its last. */
  synchronized long missing() {
    return sequences.values().stream().mapToLong(sequence -> sequence.missing).sum();
  }

  /** Seen before, or behind a later one. */
  synchronized long notInOrder() {
    return sequences.values().stream().mapToLong(sequence -> sequence.notInOrder).sum();
  }

  @Override
  public synchronized String toString() {
    return "arrived=%d missing=%d not_in_order=%d".formatted(count(), missing(), notInOrder());
  }
}
