package org.osprey.coordinator.rpc;

import com.google.errorprone.annotations.ThreadSafe;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import org.osprey.coordinator.core.Figures;
import org.osprey.coordinator.core.Measured;

/** The connections of a port, no more than there may be. */
@ThreadSafe
final class Connections implements Measured {
  private final String port;
  private final int most;
  private final AtomicInteger open = new AtomicInteger();
  private final LongAdder tooMany = new LongAdder();
  private final LongAdder floods = new LongAdder();

  Connections(String port, int most) {
    this.port = port;
    this.most = most;
  }

  /**
   * @return whether there is room for one more, which then is to be {@link #closed}
   */
  boolean opened() {
    if (open.incrementAndGet() <= most) {
      return true;
    }
    open.decrementAndGet();
    tooMany.increment();
    return false;
  }

  void closed() {
    open.decrementAndGet();
  }

  void flooded() {
    floods.increment();
  }

  @Override
  public void tell(Figures figures) {
    figures.gauge("connections", "Connections of a gRPC port.", open.get(), "port", port);
    cut(figures, "limit", tooMany);
    cut(figures, "flood", floods);
  }

  private void cut(Figures figures, String cause, LongAdder count) {
    figures.counter(
        "connections_cut",
        "Connections of a gRPC port that were closed to protect it, by why.",
        count.sum(),
        "port",
        port,
        "cause",
        cause);
  }
}
