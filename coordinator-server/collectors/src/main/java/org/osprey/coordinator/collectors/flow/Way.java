package org.osprey.coordinator.collectors.flow;

import com.google.errorprone.annotations.ThreadSafe;
import org.osprey.coordinator.collector.Event;

/** One way in of a collector, of which the last one opened is open. */
@ThreadSafe
final class Way implements Flows.Entry {
  private final Intake intake;
  private final Lane lane;
  private final Runnable onClose;
  private volatile boolean closed;

  /**
   * @param onClose told when it is closed, perhaps again
   */
  Way(Intake intake, Lane lane, Runnable onClose) {
    this.intake = intake;
    this.lane = lane;
    this.onClose = onClose;
  }

  @Override
  public void emit(Event event, Runnable settled) throws InterruptedException {
    requireOpen();
    intake.emit(this, event, settled);
  }

  void requireOpen() {
    if (closed) {
      throw new ClosedException(lane.name());
    }
  }

  boolean open() {
    return !closed;
  }

  @Override
  public void close() {
    closed = true;
    lane.wakeEmitters();
    onClose.run();
  }
}
