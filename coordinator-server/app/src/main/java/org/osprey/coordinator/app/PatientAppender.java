package org.osprey.coordinator.app;

import ch.qos.logback.classic.AsyncAppender;
import ch.qos.logback.classic.spi.ILoggingEvent;
import com.google.errorprone.annotations.ThreadSafe;
import java.util.concurrent.atomic.LongAdder;
import org.osprey.coordinator.core.Figures;

/**
 * Nobody waits for whoever reads the log: while he does not, lines are lost, the least important
 * first, and counted.
 */
@ThreadSafe
public final class PatientAppender extends AsyncAppender {
  /** Lines that may wait to be written; beyond four fifths of it only warnings may. */
  private static final int QUEUE_SIZE = 8192;

  private static final LongAdder LOST = new LongAdder();

  /** For Logback, which makes it. */
  public PatientAppender() {
    setQueueSize(QUEUE_SIZE);
    setNeverBlock(true);
  }

  /** Of all of them, as the log's form may change at the start. */
  static void tell(Figures figures) {
    figures.counter(
        "log_lines_lost", "Lines of the log that nobody took in time, about.", LOST.sum());
  }

  @Override
  protected void append(ILoggingEvent event) {
    int room = getRemainingCapacity();
    if (room == 0 || (room < getDiscardingThreshold() && isDiscardable(event))) {
      LOST.increment();
    }
    super.append(event);
  }
}
