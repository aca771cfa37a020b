package org.osprey.coordinator.core;

import java.util.concurrent.atomic.AtomicLong;

/** 1, 2, 3 …: for tests and simulations. */
public final class CountingIds implements IdGenerator {
  private final AtomicLong last = new AtomicLong();

  @Override
  public long next() {
    return last.incrementAndGet();
  }
}
