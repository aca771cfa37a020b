package org.osprey.coordinator.app;

import static org.junit.jupiter.api.Assertions.assertEquals;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.LoggingEvent;
import ch.qos.logback.core.AppenderBase;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.osprey.coordinator.core.Figures;
import org.osprey.coordinator.core.HistogramStats;

/** A log that nobody reads. */
@Timeout(60)
class PatientAppenderTest {
  private static final int ROOM = 8192;
  private static final int KEPT_FOR_WARNINGS = ROOM / 5;
  private static final int LINES = 10_000;

  private final LoggerContext context = new LoggerContext();
  private final CountDownLatch stuck = new CountDownLatch(1);
  private final CountDownLatch readAgain = new CountDownLatch(1);
  private final PatientAppender patient = new PatientAppender();
  private final long before = lost();

  /** Takes what there is when it begins, and no more. */
  private final class Unread extends AppenderBase<ILoggingEvent> {
    @Override
    protected void append(ILoggingEvent event) {
      stuck.countDown();
      try {
        readAgain.await();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }

  @BeforeEach
  void start() throws InterruptedException {
    Unread unread = new Unread();
    unread.setContext(context);
    unread.start();
    patient.setContext(context);
    patient.addAppender(unread);
    patient.start();
    write(Level.WARN, 1);
    stuck.await();
  }

  @AfterEach
  void stop() {
    readAgain.countDown();
    patient.stop();
  }

  @Test
  void losesWarningsWhenThereIsNoRoom() {
    write(Level.WARN, LINES);
    assertEquals(LINES - ROOM, lost() - before);
  }

  @Test
  void losesTheRestBefore() {
    write(Level.INFO, LINES);
    assertEquals(LINES - ROOM + KEPT_FOR_WARNINGS - 1, lost() - before);
  }

  private void write(Level level, int lines) {
    for (int i = 0; i < lines; i++) {
      LoggingEvent event =
          new LoggingEvent("caller", context.getLogger("a"), level, "line", null, null);
      event.setMDCPropertyMap(Map.of());
      patient.doAppend(event);
    }
  }

  private static long lost() {
    AtomicLong told = new AtomicLong(-1);
    PatientAppender.tell(
        new Figures() {
          @Override
          public void counter(String name, String help, long value, String... labels) {
            assertEquals("log_lines_lost", name);
            told.set(value);
          }

          @Override
          public void gauge(String name, String help, double value, String... labels) {
            throw new AssertionError(name);
          }

          @Override
          public void histogram(
              String name, String help, HistogramStats durations, String... labels) {
            throw new AssertionError(name);
          }
        });
    return told.get();
  }
}
