package org.osprey.coordinator.collectors.flow;

import java.util.Arrays;
import java.util.NoSuchElementException;
import org.jspecify.annotations.Nullable;

/** Events in their order, in a circle that grows as needed. Not thread-safe. */
final class Ring {
  private static final int FIRST = 16;

  private @Nullable Encoded[] events = new @Nullable Encoded[FIRST];

  /** Beside the events, so that counting bytes touches no event. */
  private int[] sizes = new int[FIRST];

  private int first;
  private int count;
  private long bytes;

  int count() {
    return count;
  }

  /** Of all bodies. */
  long bytes() {
    return bytes;
  }

  void add(Encoded event) {
    if (count == events.length) {
      grow();
    }
    int at = (first + count) & (events.length - 1);
    int size = event.body().length;
    events[at] = event;
    sizes[at] = size;
    count++;
    bytes += size;
  }

  /** The oldest one, or null. */
  @Nullable Encoded peek() {
    return events[first];
  }

  Encoded take() {
    Encoded event = events[first];
    if (event == null) {
      throw new NoSuchElementException("the ring is empty");
    }
    events[first] = null;
    bytes -= sizes[first];
    first = (first + 1) & (events.length - 1);
    count--;
    return event;
  }

  /**
   * Moves the oldest ones.
   *
   * @return how many: as many as there are, up to the length of the array
   */
  int take(@Nullable Encoded[] into, int atMost) {
    int taken = Math.min(atMost, count);
    int straight = Math.min(taken, events.length - first);
    move(into, 0, first, straight);
    move(into, straight, 0, taken - straight);
    first = (first + taken) & (events.length - 1);
    count -= taken;
    return taken;
  }

  private void move(@Nullable Encoded[] into, int at, int from, int many) {
    System.arraycopy(events, from, into, at, many);
    Arrays.fill(events, from, from + many, null);
    for (int i = from; i < from + many; i++) {
      bytes -= sizes[i];
    }
  }

  private void grow() {
    int length = events.length;
    @Nullable Encoded[] more = new @Nullable Encoded[length * 2];
    int[] moreSizes = new int[length * 2];
    System.arraycopy(events, first, more, 0, length - first);
    System.arraycopy(events, 0, more, length - first, first);
    System.arraycopy(sizes, first, moreSizes, 0, length - first);
    System.arraycopy(sizes, 0, moreSizes, length - first, first);
    events = more;
    sizes = moreSizes;
    first = 0;
  }
}
