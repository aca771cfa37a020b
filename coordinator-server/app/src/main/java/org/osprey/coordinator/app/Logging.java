package org.osprey.coordinator.app;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import java.util.List;
import net.logstash.logback.encoder.LogstashEncoder;
import net.logstash.logback.fieldnames.LogstashCommonFieldNames;
import net.logstash.logback.fieldnames.LogstashFieldNames;
import org.jspecify.annotations.Nullable;
import org.osprey.coordinator.app.config.LoggingConfig;
import org.osprey.coordinator.collectors.config.OrchestratorConfig.LogLevel;
import org.slf4j.LoggerFactory;

/** Has the log look as the settings say. Before they are read it is text, from INFO on. */
final class Logging {
  private static final String JSON = "json";

  /** Libraries may tell what actions and headers hold in anything below INFO. */
  private static final String OURS = "org.osprey";

  /** The loggers of the coordinator's collectors, and those that name what they are for. */
  private static final List<String> COLLECTORS =
      List.of("org.osprey.coordinator.collectors", "org.osprey.coordinator.collector");

  private Logging() {}

  /** Where another library than Logback takes the lines, that one decides, and nothing happens. */
  static void apply(LoggingConfig config) {
    if (LoggerFactory.getILoggerFactory() instanceof LoggerContext context) {
      apply(config, context);
    }
  }

  /**
   * For collectors and all around them.
   *
   * @param level null for as everywhere
   */
  static void apply(@Nullable LogLevel level) {
    if (level != null && LoggerFactory.getILoggerFactory() instanceof LoggerContext context) {
      COLLECTORS.forEach(name -> context.getLogger(name).setLevel(Level.valueOf(level.name())));
    }
  }

  static void apply(LoggingConfig config, LoggerContext context) {
    Logger root = context.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
    Level level = Level.valueOf(config.level().name());
    context.getLogger(OURS).setLevel(level);
    root.setLevel(level.isGreaterOrEqual(Level.INFO) ? level : Level.INFO);
    if (config.format() == LoggingConfig.Format.JSON) {
      PatientAppender patient = patient(json(context), context);
      root.detachAndStopAllAppenders();
      root.addAppender(patient);
    }
  }

  /** Writes what waits, as far as somebody takes it within a second or so; nothing after that. */
  static void close() {
    if (LoggerFactory.getILoggerFactory() instanceof LoggerContext context) {
      context.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME).detachAndStopAllAppenders();
    }
  }

  /** As in logback.xml. */
  private static PatientAppender patient(
      ConsoleAppender<ILoggingEvent> console, LoggerContext context) {
    PatientAppender appender = new PatientAppender();
    appender.setContext(context);
    appender.setName("patient");
    appender.addAppender(console);
    appender.start();
    return appender;
  }

  private static ConsoleAppender<ILoggingEvent> json(LoggerContext context) {
    LogstashFieldNames names = new LogstashFieldNames();
    names.setTimestamp("timestamp");
    names.setLogger("logger");
    names.setThread("thread");
    names.setVersion(LogstashCommonFieldNames.IGNORE_FIELD_INDICATOR);
    names.setLevelValue(LogstashCommonFieldNames.IGNORE_FIELD_INDICATOR);
    LogstashEncoder encoder = new LogstashEncoder();
    encoder.setContext(context);
    encoder.setFieldNames(names);
    encoder.setIncludeContext(false);
    encoder.start();
    ConsoleAppender<ILoggingEvent> appender = new ConsoleAppender<>();
    appender.setContext(context);
    appender.setName(JSON);
    appender.setEncoder(encoder);
    appender.start();
    return appender;
  }
}
