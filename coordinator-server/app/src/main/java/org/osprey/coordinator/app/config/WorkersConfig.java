package org.osprey.coordinator.app.config;

import java.time.Duration;
import org.osprey.coordinator.settings.Rules;
import org.osprey.coordinator.settings.Variable;

/** How the streams of workers are treated. */
public record WorkersConfig(@Variable("MAX_PQ_RECEIVE_AWAIT_TIME_MS") Duration idleStream) {

  public WorkersConfig {
    new Rules().positive(idleStream, "idleStream").check();
  }
}
