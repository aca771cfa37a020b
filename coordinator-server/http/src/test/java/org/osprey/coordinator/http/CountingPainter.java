package org.osprey.coordinator.http;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.concurrent.atomic.AtomicInteger;

/** Paints numbers, each a bit larger than wanted. */
final class CountingPainter implements Watchers.Painter {
  final AtomicInteger begun = new AtomicInteger();
  final AtomicInteger painted = new AtomicInteger();
  private final String filler;

  /**
   * @param bytes the least size of a picture
   */
  CountingPainter(int bytes) {
    filler = "x".repeat(bytes);
  }

  @Override
  public void begin() {
    begun.incrementAndGet();
  }

  @Override
  public byte[] paint() {
    return "event: picture\ndata: %d %s\n\n"
        .formatted(painted.incrementAndGet(), filler)
        .getBytes(UTF_8);
  }
}
