package org.osprey.coordinator.app;

import org.osprey.coordinator.collectors.lifecycle.CollectorOperations;
import org.osprey.coordinator.collectors.lifecycle.CollectorOperations.ReloadRunningException;
import org.osprey.coordinator.settings.ConfigException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has collectors read their configuration again when the process gets SIGHUP, which would end it
 * otherwise. Where this JVM does not tell of signals, the HTTP port is the way.
 */
final class HangUp {
  private static final Logger log = LoggerFactory.getLogger(HangUp.class);
  private static final String HANG_UP = "HUP";

  private HangUp() {}

  /**
   * @return whether the signal is listened to from here on
   */
  static boolean reloads(CollectorOperations collectors) {
    return calls(() -> reload(collectors));
  }

  /** Runs it on a thread of the JDK for each signal. */
  static boolean calls(Runnable reaction) {
    try {
      Signals.on(HANG_UP, reaction);
      return true;
    } catch (ReflectiveOperationException | LinkageError e) {
      Throwable cause = e.getCause() == null ? e : e.getCause();
      log.warn(
          "SIGHUP does not reload collectors, POST /api/collectors/reload does: {}",
          cause.toString());
      return false;
    }
  }

  /** What it did, or why not, is in the log. */
  private static void reload(CollectorOperations collectors) {
    try {
      collectors.reload();
    } catch (ConfigException e) {
      e.mistakes().forEach(mistake -> log.error("not reloaded: {}", mistake));
    } catch (ReloadRunningException e) {
      log.warn("not reloaded again: {}", e.getMessage());
    } catch (RuntimeException e) {
      log.error("not reloaded", e);
    }
  }
}
