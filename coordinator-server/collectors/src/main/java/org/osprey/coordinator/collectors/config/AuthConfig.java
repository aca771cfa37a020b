package org.osprey.coordinator.collectors.config;

import org.osprey.coordinator.collectors.config.OrchestratorConfig.Login;
import org.osprey.coordinator.settings.Rules;

/** A login beside {@code nats}; when there is one it is used, without being enabled. */
public record AuthConfig(String username, String password, String token) {

  public AuthConfig {
    Rules rules = new Rules();
    Login.check(rules, username, password, token, true);
    rules.check();
  }

  boolean isSet() {
    return !(username.isEmpty() && password.isEmpty() && token.isEmpty());
  }

  Login login() {
    return new Login(username, password, token);
  }
}
