package org.osprey.coordinator.app.config;

import java.time.Duration;
import org.osprey.coordinator.settings.Rules;

/** How the coordinator ends. */
public record ShutdownConfig(Duration drain) {

  public ShutdownConfig {
    new Rules().positive(drain, "drain").check();
  }
}
