package org.osprey.coordinator.replica.event;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.BitSet;
import java.util.stream.IntStream;

/**
 * A set of slots. Each stream belongs to one of {@link #COUNT} slots for good, and a worker has
 * some of them, so that the number of workers may change without any stream changing its slot.
 * Immutable.
 */
public final class Slots {
  /** As many workers can share the work. */
  public static final int COUNT = 64;

  private static final long FNV_OFFSET = 0xcbf29ce484222325L;
  private static final long FNV_PRIME = 0x100000001b3L;

  private static final Slots ALL = new Slots(-1L);
  private static final Slots NONE = new Slots(0);

  private final long bits;

  private Slots(long bits) {
    this.bits = bits;
  }

  public static Slots all() {
    return ALL;
  }

  public static Slots none() {
    return NONE;
  }

  /**
   * What one of several workers has.
   *
   * @param worker from 0
   */
  public static Slots of(int worker, int workers) {
    if (worker < 0 || worker >= workers || workers > COUNT) {
      throw new IllegalArgumentException(
          "want worker 0 to %d of at most %d, got %d of %d"
              .formatted(workers - 1, COUNT, worker, workers));
    }
    long bits = 0;
    for (int slot = worker; slot < COUNT; slot += workers) {
      bits |= 1L << slot;
    }
    return new Slots(bits);
  }

  /**
   * The slot of a stream: FNV-1a with 64 bits over the id in UTF-8, its two halves combined by
   * exclusive or, modulo {@link #COUNT}. Stored with each event, so it must never change.
   */
  public static int slot(String streamId) {
    long hash = FNV_OFFSET;
    for (byte b : streamId.getBytes(UTF_8)) {
      hash = (hash ^ (b & 0xff)) * FNV_PRIME;
    }
    return Math.floorMod((int) (hash ^ (hash >>> Integer.SIZE)), COUNT);
  }

  public boolean contains(int slot) {
    return (bits >>> slot & 1) == 1;
  }

  /** The least significant one is that of slot 0. */
  long bits() {
    return bits;
  }

  public int size() {
    return Long.bitCount(bits);
  }

  /** By rising number. */
  public IntStream stream() {
    return BitSet.valueOf(new long[] {bits}).stream();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Slots slots && slots.bits == bits;
  }

  @Override
  public int hashCode() {
    return Long.hashCode(bits);
  }

  @Override
  public String toString() {
    return bits == -1L ? "all" : stream().boxed().toList().toString();
  }
}
