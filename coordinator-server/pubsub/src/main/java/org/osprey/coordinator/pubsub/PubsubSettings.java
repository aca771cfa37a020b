package org.osprey.coordinator.pubsub;

import com.google.errorprone.annotations.FormatMethod;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What to read from Pub/Sub, and how.
 *
 * @param project the subscription's project
 * @param subscription its short name
 * @param serviceAccountFile a service account's key in JSON; null for the application default
 *     credentials
 * @param emulatorHost {@code host:port} of an emulator, which is spoken to in plaintext and without
 *     credentials; null for the real service
 * @param encryptionKeyUri {@code gcp-kms://…}, which decrypts the data keys of messages with {@code
 *     encrypted=true}; null when there are none
 * @param ordering which messages wait for each other
 * @param maxMessages messages that this process has leased, whether offered or not
 * @param maxBytes their sizes
 * @param maxProcessing those of them that were accepted and are unfinished
 * @param channelTimeout the longest time to connect, and for the key service to answer
 * @param minLeaseExtension the time for which a message is leased, again and again; one that was
 *     lost on its way, or whose process died, comes again after it
 * @param maxLeaseExtension the longest time a message is leased; then the subscription gives it to
 *     somebody else
 * @param roomWait how long a full intake is waited for in one go
 * @param closeTimeout the longest time {@link PubsubSource#close} takes
 */
public record PubsubSettings(
    String project,
    String subscription,
    @Nullable Path serviceAccountFile,
    @Nullable String emulatorHost,
    @Nullable String encryptionKeyUri,
    Ordering ordering,
    int maxMessages,
    long maxBytes,
    int maxProcessing,
    Duration channelTimeout,
    Duration minLeaseExtension,
    Duration maxLeaseExtension,
    Duration roomWait,
    Duration closeTimeout) {

  /** Pub/Sub's own limits for one extension. */
  private static final Duration SHORTEST_EXTENSION = Duration.ofSeconds(10);

  private static final Duration LONGEST_EXTENSION = Duration.ofMinutes(10);

  /** Longer waits would make the source look stuck. */
  private static final Duration LONGEST_ROOM_WAIT = Duration.ofSeconds(30);

  private static final String KEY_SCHEME = "gcp-kms://";

  /** Which messages are never out at the same time and go out in their order. */
  public enum Ordering {
    NONE,
    /** Those with the same ordering key; messages without a key have no order. */
    KEY
  }

  // Spelled out, because class files lose the annotations of a compact one.
  public PubsubSettings(
      String project,
      String subscription,
      @Nullable Path serviceAccountFile,
      @Nullable String emulatorHost,
      @Nullable String encryptionKeyUri,
      Ordering ordering,
      int maxMessages,
      long maxBytes,
      int maxProcessing,
      Duration channelTimeout,
      Duration minLeaseExtension,
      Duration maxLeaseExtension,
      Duration roomWait,
      Duration closeTimeout) {
    resourceName("project", project, "[a-z0-9][a-z0-9:.-]{1,99}");
    resourceName("subscription", subscription, "[a-zA-Z][a-zA-Z0-9._~+%-]{2,254}");
    if (emulatorHost != null && !emulatorHost.matches("[^\\s:/]+:[0-9]{1,5}")) {
      throw invalid("emulatorHost must be host:port, got \"%s\"", emulatorHost);
    }
    if (encryptionKeyUri != null && !encryptionKeyUri.startsWith(KEY_SCHEME)) {
      throw invalid(
          "encryptionKeyUri must start with %s, got \"%s\"", KEY_SCHEME, encryptionKeyUri);
    }
    atLeastOne("maxMessages", maxMessages);
    atLeastOne("maxBytes", maxBytes);
    atLeastOne("maxProcessing", maxProcessing);
    positive("channelTimeout", channelTimeout);
    between("minLeaseExtension", minLeaseExtension, SHORTEST_EXTENSION, LONGEST_EXTENSION);
    if (maxLeaseExtension.compareTo(minLeaseExtension) < 0) {
      throw invalid(
          "maxLeaseExtension must be at least pubsub.minLeaseExtension=%s, got %s",
          minLeaseExtension, maxLeaseExtension);
    }
    between("roomWait", roomWait, Duration.ofMillis(1), LONGEST_ROOM_WAIT);
    positive("closeTimeout", closeTimeout);
    this.project = project;
    this.subscription = subscription;
    this.serviceAccountFile = serviceAccountFile;
    this.emulatorHost = emulatorHost;
    this.encryptionKeyUri = encryptionKeyUri;
    this.ordering = ordering;
    this.maxMessages = maxMessages;
    this.maxBytes = maxBytes;
    this.maxProcessing = maxProcessing;
    this.channelTimeout = channelTimeout;
    this.minLeaseExtension = minLeaseExtension;
    this.maxLeaseExtension = maxLeaseExtension;
    this.roomWait = roomWait;
    this.closeTimeout = closeTimeout;
  }

  /** Defaults for everything but the two that have none. */
  public static Builder builder(String project, String subscription) {
    return new Builder(project, subscription);
  }

  private static void resourceName(String name, String value, String pattern) {
    if (!value.matches(pattern)) {
      throw invalid("%s must match %s, got \"%s\"", name, pattern, value);
    }
  }

  private static void atLeastOne(String name, long value) {
    if (value < 1) {
      throw invalid("%s must be at least 1, got %d", name, value);
    }
  }

  private static void positive(String name, Duration value) {
    if (value.isNegative() || value.isZero()) {
      throw invalid("%s must be positive, got %s", name, value);
    }
  }

  private static void between(String name, Duration value, Duration least, Duration most) {
    if (value.compareTo(least) < 0 || value.compareTo(most) > 0) {
      throw invalid("%s must be between %s and %s, got %s", name, least, most, value);
    }
  }

  @FormatMethod
  private static IllegalArgumentException invalid(String message, Object... values) {
    return new IllegalArgumentException("pubsub." + message.formatted(values));
  }

  /** Collects settings; {@link #build} checks them. */
  public static final class Builder {
    private final String project;
    private final String subscription;
    private @Nullable Path serviceAccountFile;
    private @Nullable String emulatorHost;
    private @Nullable String encryptionKeyUri;
    private Ordering ordering = Ordering.NONE;
    private int maxMessages = 5000;
    private long maxBytes = 64L << 20;
    private int maxProcessing = 5000;
    private Duration channelTimeout = Duration.ofSeconds(5);
    private Duration minLeaseExtension = Duration.ofSeconds(30);
    private Duration maxLeaseExtension = Duration.ofMinutes(10);
    private Duration roomWait = Duration.ofMillis(500);
    private Duration closeTimeout = Duration.ofSeconds(10);

    private Builder(String project, String subscription) {
      this.project = project;
      this.subscription = subscription;
    }

    public Builder serviceAccountFile(@Nullable Path value) {
      serviceAccountFile = value;
      return this;
    }

    public Builder emulatorHost(@Nullable String hostAndPort) {
      emulatorHost = hostAndPort;
      return this;
    }

    public Builder encryptionKeyUri(@Nullable String value) {
      encryptionKeyUri = value;
      return this;
    }

    public Builder ordering(Ordering value) {
      ordering = value;
      return this;
    }

    public Builder maxMessages(int messages) {
      maxMessages = messages;
      return this;
    }

    public Builder maxBytes(long bytes) {
      maxBytes = bytes;
      return this;
    }

    public Builder maxProcessing(int messages) {
      maxProcessing = messages;
      return this;
    }

    public Builder channelTimeout(Duration value) {
      channelTimeout = value;
      return this;
    }

    public Builder minLeaseExtension(Duration value) {
      minLeaseExtension = value;
      return this;
    }

    public Builder maxLeaseExtension(Duration value) {
      maxLeaseExtension = value;
      return this;
    }

    public Builder roomWait(Duration value) {
      roomWait = value;
      return this;
    }

    public Builder closeTimeout(Duration value) {
      closeTimeout = value;
      return this;
    }

    /**
     * @throws IllegalArgumentException naming the first setting that is wrong
     */
    public PubsubSettings build() {
      return new PubsubSettings(
          project,
          subscription,
          serviceAccountFile,
          emulatorHost,
          encryptionKeyUri,
          ordering,
          maxMessages,
          maxBytes,
          maxProcessing,
          channelTimeout,
          minLeaseExtension,
          maxLeaseExtension,
          roomWait,
          closeTimeout);
    }
  }
}
