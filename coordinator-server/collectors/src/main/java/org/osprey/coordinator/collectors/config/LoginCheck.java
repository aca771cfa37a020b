package org.osprey.coordinator.collectors.config;

import java.util.List;
import org.osprey.coordinator.settings.Mistakes;
import org.osprey.coordinator.settings.Setting.Section;

/** Whether the login to NATS is in one place, and used. */
final class LoginCheck {
  private final Mistakes mistakes;
  private final List<String> warnings;

  LoginCheck(Mistakes mistakes, List<String> warnings) {
    this.mistakes = mistakes;
    this.warnings = warnings;
  }

  void check(OrchestratorConfig config, Section written) {
    NatsConfig nats = config.nats();
    if (config.auth().isSet() && nats.hasLogin()) {
      mistakes.at(
          "orchestrator.auth",
          written.originOf(List.of("auth")),
          "there is a login in orchestrator.nats too, want it in one of them");
    } else if (nats.hasLogin() && !nats.authEnabled()) {
      warnings.add("orchestrator.nats: the login is not used, because auth_enabled is not true");
    }
  }
}
