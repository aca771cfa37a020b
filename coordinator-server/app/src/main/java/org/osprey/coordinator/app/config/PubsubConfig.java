package org.osprey.coordinator.app.config;

import java.time.Duration;
import org.osprey.coordinator.settings.ByteSize;
import org.osprey.coordinator.settings.Rules;
import org.osprey.coordinator.settings.Variable;

/**
 * The Pub/Sub source; used when {@code sources} names it.
 *
 * @param serviceAccountFile empty means the application default credentials
 * @param emulatorHost empty means the real service
 * @param encryptionKeyUri empty means that no message is encrypted
 */
public record PubsubConfig(
    @Variable("PUBSUB_SUBSCRIPTION_PROJECT_ID") String project,
    @Variable("PUBSUB_SUBSCRIPTION_ID") String subscription,
    @Variable("OSPREY_COORDINATOR_SERVICE_ACCOUNT") String serviceAccountFile,
    @Variable("PUBSUB_EMULATOR_HOST") String emulatorHost,
    @Variable("PUBSUB_ENCRYPTION_KEY_URI") String encryptionKeyUri,
    Ordering ordering,
    @Variable("PUBSUB_MAX_MESSAGES") int maxMessages,
    ByteSize maxBytes,
    @Variable("PUBSUB_MAX_PROCESSING_MESSAGES") int maxProcessing,
    @Variable("PUBSUB_CHANNEL_TIMEOUT_SECS") Duration channelTimeout,
    @Variable("PUBSUB_MIN_LEASE_EXTENSION_SECS") Duration minLeaseExtension,
    @Variable("PUBSUB_MAX_LEASE_EXTENSION_SECS") Duration maxLeaseExtension) {

  private static final Duration SHORTEST = Duration.ofSeconds(10);
  private static final Duration LONGEST = Duration.ofMinutes(10);

  /** Which actions must not be out at the same time. */
  public enum Ordering {
    NONE,
    KEY
  }

  public PubsubConfig {
    new Rules()
        .that(
            emulatorHost.isEmpty() || emulatorHost.matches("[^\\s:/]+:\\d{1,5}"),
            emulatorHost,
            "host:port",
            "emulatorHost")
        .that(
            encryptionKeyUri.isEmpty() || encryptionKeyUri.startsWith("gcp-kms://"),
            encryptionKeyUri,
            "gcp-kms://projects/...",
            "encryptionKeyUri")
        .atLeast(1, maxMessages, "maxMessages")
        .positive(maxBytes, "maxBytes")
        .atLeast(1, maxProcessing, "maxProcessing")
        .positive(channelTimeout, "channelTimeout")
        .that(
            minLeaseExtension.compareTo(SHORTEST) >= 0 && minLeaseExtension.compareTo(LONGEST) <= 0,
            minLeaseExtension,
            "a duration from 10s to 600s",
            "minLeaseExtension")
        .that(
            maxLeaseExtension.compareTo(minLeaseExtension) >= 0,
            maxLeaseExtension,
            "at least pubsub.minLeaseExtension",
            "maxLeaseExtension")
        .check();
  }
}
