package org.osprey.coordinator.tracing;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.osprey.coordinator.core.Outcome;
import org.osprey.coordinator.core.Ticker;
import org.slf4j.LoggerFactory;

class LogSpansTest {

  @Test
  void eachSpanIsALine() {
    ListAppender<ILoggingEvent> lines = new ListAppender<>();
    lines.start();
    Logger logger = (Logger) LoggerFactory.getLogger(LogSpans.class);
    logger.addAppender(lines);
    TracingSettings settings =
        new TracingSettings(TracingSettings.Exporter.LOG, "", 1, "coordinator");
    try (Tracing tracing = new Tracing(settings, Ticker.system())) {
      tracing.start();
      TracedDispatcher core = new TracedDispatcher().with(tracing, null);
      core.offer(7, Map.of());
      core.ack(core.connect("worker-1"), Outcome.Acked.EMPTY);
      await().until(() -> tracing.stats().exported() == 5);
    } finally {
      logger.detachAppender(lines);
    }
    List<String> messages = lines.list.stream().map(ILoggingEvent::getFormattedMessage).toList();
    assertEquals(5, messages.size());
    assertTrue(
        messages.stream()
            .anyMatch(
                line ->
                    line.matches(
                        "span: name=\"hand-over\" trace_id=\\w{32} span_id=\\w{16}"
                            + " parent_id=\\w{16} micros=0 .*osprey.worker=worker-1.*")),
        messages::toString);
  }
}
