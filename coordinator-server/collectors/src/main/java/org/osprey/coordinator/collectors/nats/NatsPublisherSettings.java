package org.osprey.coordinator.collectors.nats;

import org.osprey.coordinator.nats.NatsConnectionSettings;

/**
 * Where NATS is, and how to publish there.
 *
 * @param connection made to name the settings of collectors, and to be replaced when it breaks
 * @param maxReconnects tries in a row that fail before the publisher counts as unhealthy; below 0
 *     for any number. Trying never ends
 */
public record NatsPublisherSettings(
    NatsConnectionSettings connection, JetStreamMode jetStream, int maxReconnects) {

  private static final NatsConnectionSettings.Names NAMES =
      new NatsConnectionSettings.Names(
          "orchestrator.nats.url",
          "orchestrator.nats.username",
          "orchestrator.nats.password",
          "orchestrator.nats.token");

  public NatsPublisherSettings {
    connection = connection.withNames(NAMES).withoutReconnects();
  }
}
