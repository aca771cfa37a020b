package org.osprey.coordinator.app.config;

import java.time.Duration;
import java.util.Map;
import org.osprey.coordinator.core.DispatcherSettings.Leases;
import org.osprey.coordinator.settings.Rules;
import org.osprey.coordinator.settings.Variable;

/** How long a worker may hold an action. */
public record LeasesConfig(
    @Variable("MAX_ACKING_RECEIVER_WAIT_TIME_MS") Duration time, Map<String, Duration> byAction) {

  public LeasesConfig {
    Rules rules = new Rules().positive(time, "time");
    byAction.forEach((action, limit) -> rules.positive(limit, "byAction", action));
    rules.check();
    byAction = Map.copyOf(byAction);
  }

  Leases settings() {
    return new Leases(time, byAction);
  }
}
