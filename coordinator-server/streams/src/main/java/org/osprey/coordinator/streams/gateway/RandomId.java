package org.osprey.coordinator.streams.gateway;

import java.util.UUID;
import java.util.random.RandomGenerator;

/** Ids for who brings none. */
final class RandomId {
  private static final long VERSION_BITS = 0xF000;
  private static final long VERSION_4 = 0x4000;

  private RandomId() {}

  /** A UUID of version 4. */
  static String of(RandomGenerator random) {
    long high = (random.nextLong() & ~VERSION_BITS) | VERSION_4;
    // The variant is 2: the first bits of the lower half are 1 and 0.
    long low = (random.nextLong() >>> 2) | Long.MIN_VALUE;
    return new UUID(high, low).toString();
  }
}
