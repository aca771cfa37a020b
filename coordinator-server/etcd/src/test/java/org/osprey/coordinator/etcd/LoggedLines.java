package org.osprey.coordinator.etcd;

import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.slf4j.LoggerFactory;

/** Keeps what {@link Outage} logs, of every announcer in this JVM, instead of printing it. */
final class LoggedLines extends AppenderBase<ILoggingEvent> implements AutoCloseable {
  private final List<String> lines = new CopyOnWriteArrayList<>();
  private final Logger logger;

  LoggedLines() {
    // Another thread may be starting the logging at this moment.
    await().until(() -> LoggerFactory.getILoggerFactory() instanceof LoggerContext);
    logger = ((LoggerContext) LoggerFactory.getILoggerFactory()).getLogger(Outage.class);
    logger.setLevel(Level.INFO);
    logger.setAdditive(false);
    start();
    logger.addAppender(this);
  }

  List<String> lines() {
    return List.copyOf(lines);
  }

  @Override
  public void close() {
    logger.detachAppender(this);
    logger.setAdditive(true);
    logger.setLevel(null);
  }

  @Override
  protected void append(ILoggingEvent event) {
    lines.add(event.getFormattedMessage());
  }
}
