package org.osprey.coordinator.rpc;

import com.google.errorprone.annotations.ThreadSafe;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;
import org.osprey.coordinator.core.Figures;
import org.osprey.coordinator.core.Measured;

/** Counts how the streams of workers ended. */
@ThreadSafe
final class Disconnects implements Measured {
  @SuppressWarnings("ThreadSafe") // never changed once it is full
  private final Map<Cause, LongAdder> counts = new EnumMap<>(Cause.class);

  Disconnects() {
    for (Cause cause : Cause.values()) {
      counts.put(cause, new LongAdder());
    }
  }

  /** Why a stream ended. */
  enum Cause {
    /** The worker said that it leaves, or the coordinator ended a stream that was done. */
    GRACEFUL,
    /** The worker cancelled the call. */
    CANCELLED,
    /** The connection broke. */
    BROKEN_PIPE,
    /** The worker did not answer whether it lives. */
    TIMEOUT,
    /** Either side broke the protocol. */
    STREAM_ERROR,
    /** The worker's token was taken away, or ran out. */
    REFUSED
  }

  void count(Cause cause) {
    LongAdder count = counts.get(cause);
    if (count != null) {
      count.increment();
    }
  }

  @Override
  public void tell(Figures figures) {
    counts.forEach(
        (cause, count) ->
            figures.counter(
                "client_disconnects",
                "Worker streams that ended, by how they did.",
                count.sum(),
                "cause",
                cause.name().toLowerCase(Locale.ROOT)));
  }
}
