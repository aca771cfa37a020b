package org.osprey.coordinator.app.config;

import java.time.Duration;
import org.osprey.coordinator.core.DispatcherSettings.Retries;
import org.osprey.coordinator.settings.Rules;

/** What happens to an action that was not handled. */
public record RetriesConfig(int nacks, int deaths, Duration backoff, Duration maxBackoff) {

  public RetriesConfig {
    boolean ordered = maxBackoff.compareTo(backoff) >= 0;
    new Rules()
        .atLeast(1, nacks, "nacks")
        .atLeast(1, deaths, "deaths")
        .positive(backoff, "backoff")
        .that(ordered, maxBackoff, "no less than retries.backoff", "maxBackoff")
        .check();
  }

  Retries settings() {
    return new Retries(nacks, deaths, backoff, maxBackoff);
  }
}
