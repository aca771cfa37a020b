package org.osprey.coordinator.security;

import com.google.errorprone.annotations.ThreadSafe;
import java.time.Duration;
import java.util.function.BooleanSupplier;
import org.osprey.coordinator.core.Ticker;

/**
 * Something that lasts, such as a stream, to which somebody was admitted: it is over when he would
 * not be any more, for instance because his token was taken away.
 */
@ThreadSafe
public final class Visit {
  /** As often as files with tokens are looked at. */
  private static final long LOOK_EVERY = Duration.ofSeconds(1).toNanos();

  @SuppressWarnings("ThreadSafe") // asks who is
  private final BooleanSupplier admitted;

  private final Ticker ticker;
  private volatile long lookedAt;
  private volatile boolean over;

  /**
   * @param admitted whether he would be admitted now; never blocks
   */
  Visit(BooleanSupplier admitted, Ticker ticker) {
    this.admitted = admitted;
    this.ticker = ticker;
    lookedAt = ticker.nanos();
  }

  /** Once it is, it stays so. Cheap, and true at most a second late. */
  public boolean isOver() {
    long now = ticker.nanos();
    if (!over && now - lookedAt >= LOOK_EVERY) {
      lookedAt = now;
      over = !admitted.getAsBoolean();
    }
    return over;
  }
}
