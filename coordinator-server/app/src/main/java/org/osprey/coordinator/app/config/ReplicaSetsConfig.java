package org.osprey.coordinator.app.config;

import org.osprey.coordinator.settings.Rules;
import org.osprey.coordinator.settings.Secrets;
import org.osprey.coordinator.settings.Variable;

/**
 * The database whose replica sets operators see.
 *
 * @param url of PostgreSQL; empty means that of the coordinator, if it is PostgreSQL
 */
public record ReplicaSetsConfig(
    @Variable("OSPREY_COORDINATOR_REPLICA_SETS_URL") String url, String user, String password) {

  public ReplicaSetsConfig {
    new Rules()
        .that(
            url.isEmpty() || url.matches(DatabaseConfig.POSTGRES),
            Secrets.masked("url", url),
            "postgres://user:password@host:port/name",
            "url")
        .check();
  }
}
