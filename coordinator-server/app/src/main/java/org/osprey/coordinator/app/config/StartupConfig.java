package org.osprey.coordinator.app.config;

import java.time.Duration;
import org.osprey.coordinator.settings.Rules;

/**
 * How the coordinator begins.
 *
 * @param warmUp zero means that it does not warm up
 */
public record StartupConfig(Duration warmUp) {

  public StartupConfig {
    new Rules().that(!warmUp.isNegative(), warmUp, "0s or longer", "warmUp").check();
  }
}
