package org.osprey.coordinator.app;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ch.qos.logback.classic.AsyncAppender;
import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.joran.JoranConfigurator;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.LoggingEvent;
import ch.qos.logback.core.Appender;
import ch.qos.logback.core.ConsoleAppender;
import java.util.Iterator;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.osprey.coordinator.app.config.LoggingConfig;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class LoggingTest {
  private static final Map<String, String> IDS = Map.of("trace_id", "a1", "span_id", "b2");

  private final LoggerContext context = new LoggerContext();

  @BeforeEach
  void configure() throws Exception {
    JoranConfigurator configurator = new JoranConfigurator();
    configurator.setContext(context);
    configurator.doConfigure(Objects.requireNonNull(Main.class.getResource("/logback.xml")));
  }

  @AfterEach
  void stop() {
    context.stop();
  }

  @Test
  void textHasTheIdsOfATraceOnlyWhereThereAreSome() {
    Logging.apply(config(LoggingConfig.Format.TEXT), context);
    String plain = written(Map.of(), null);
    assertTrue(plain.endsWith(" INFO  Some - ready: port=1\n"), plain);
    String traced = written(IDS, null);
    assertTrue(traced.endsWith(" INFO  Some - ready: port=1 trace_id=a1 span_id=b2\n"), traced);
  }

  @Test
  void jsonIsAnObjectInALine() {
    Logging.apply(config(LoggingConfig.Format.JSON), context);
    String written = written(IDS, new IllegalStateException("broken"));
    assertEquals(1, written.lines().count());
    JsonNode line = new JsonMapper().readTree(written);
    assertEquals("ready: port=1", line.get("message").asString());
    assertEquals("INFO", line.get("level").asString());
    assertEquals("a.b.Some", line.get("logger").asString());
    assertEquals("a1", line.get("trace_id").asString());
    assertEquals("b2", line.get("span_id").asString());
    assertTrue(line.get("stack_trace").asString().contains("IllegalStateException: broken"));
    assertTrue(line.get("timestamp").asString().startsWith("20"), written);
    assertFalse(line.has("@version"), written);
  }

  @Test
  void theLevelIsWhatTheSettingsSay() {
    Logging.apply(new LoggingConfig(LoggingConfig.Format.TEXT, LoggingConfig.Level.DEBUG), context);
    assertEquals(Level.DEBUG, context.getLogger(Main.class).getEffectiveLevel());
    assertEquals(Level.INFO, root().getLevel());
    assertEquals(Level.ERROR, context.getLogger("io.grpc").getLevel());
  }

  @Test
  void librariesSayLessWhereTheSettingsSaySo() {
    Logging.apply(new LoggingConfig(LoggingConfig.Format.TEXT, LoggingConfig.Level.WARN), context);
    assertEquals(Level.WARN, context.getLogger(Main.class).getEffectiveLevel());
    assertEquals(Level.WARN, root().getLevel());
  }

  private static LoggingConfig config(LoggingConfig.Format format) {
    return new LoggingConfig(format, LoggingConfig.Level.INFO);
  }

  /** By the one appender there is. */
  private String written(Map<String, String> ids, @Nullable Throwable thrown) {
    AsyncAppender patient = (AsyncAppender) only(root().iteratorForAppenders());
    assertTrue(patient.isNeverBlock());
    assertEquals(8192, patient.getQueueSize());
    ConsoleAppender<ILoggingEvent> console =
        (ConsoleAppender<ILoggingEvent>) only(patient.iteratorForAppenders());
    Logger logger = context.getLogger("a.b.Some");
    LoggingEvent event =
        new LoggingEvent("caller", logger, Level.INFO, "ready: port={}", thrown, new Object[] {1});
    event.setMDCPropertyMap(ids);
    return new String(console.getEncoder().encode(event), UTF_8);
  }

  private static Appender<ILoggingEvent> only(Iterator<Appender<ILoggingEvent>> appenders) {
    Appender<ILoggingEvent> first = appenders.next();
    assertFalse(appenders.hasNext());
    return first;
  }

  private Logger root() {
    return context.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
  }
}
