package org.osprey.coordinator.app.config;

import java.time.Duration;
import org.osprey.coordinator.core.DispatcherSettings.Recent;
import org.osprey.coordinator.settings.ByteSize;
import org.osprey.coordinator.settings.Rules;

/** The window in which a replay of a handled action gets the known answer. */
public record IdempotencyConfig(int actions, ByteSize bytes, Duration time) {

  public IdempotencyConfig {
    new Rules()
        .atLeast(0, actions, "actions")
        .positive(bytes, "bytes")
        .positive(time, "time")
        .check();
  }

  Recent settings() {
    return new Recent(actions, bytes.bytes(), time);
  }
}
