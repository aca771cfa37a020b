package org.osprey.coordinator.nats;

import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * What to read from JetStream, and how.
 *
 * @param subjects which messages of the stream, as subjects or patterns; empty for all; several
 *     need a server of version 2.10
 * @param durable the consumer that all coordinators share
 * @param createConsumer whether to make it when it is not there
 * @param actionNames patterns of subjects whose messages are the bare JSON object of an action of
 *     this name
 * @param ordering which messages wait for each other
 * @param orderingHeader the header that holds the key, for {@link Ordering#KEY}
 * @param limits how much this process takes at once
 * @param ackWait how long a message stays with a coordinator that fell silent; for a consumer that
 *     is made here, others keep their own
 * @param closeTimeout the longest time {@link NatsSource#close} takes
 */
public record NatsSourceSettings(
    String stream,
    List<String> subjects,
    String durable,
    boolean createConsumer,
    Map<String, String> actionNames,
    Ordering ordering,
    String orderingHeader,
    Limits limits,
    Duration ackWait,
    Duration closeTimeout) {

  public static final String DEFAULT_DURABLE = "osprey_coordinator";
  public static final String DEFAULT_ORDERING_HEADER = "ordering-key";

  private static final Duration SHORTEST_ACK_WAIT = Duration.ofMillis(500);

  /** Which messages are never out at the same time and go out in their order. */
  public enum Ordering {
    NONE,
    /** Those with the same value of a header; messages without it have no order. */
    KEY
  }

  /**
   * How much this process takes at once.
   *
   * @param maxInFlight accepted and unfinished actions
   * @param maxInFlightBytes their messages; one larger message is taken when there is none other
   * @param pullBatch messages of one request to the server
   * @param roomWait how long a full intake is waited for before messages are looked at again
   */
  public record Limits(int maxInFlight, long maxInFlightBytes, int pullBatch, Duration roomWait) {
    public static final Limits DEFAULTS = new Limits(5000, 64L << 20, 500, Duration.ofMillis(500));

    public Limits {
      Invalid.unlessAtLeastOne("maxInFlight", maxInFlight);
      Invalid.unlessAtLeastOne("maxInFlightBytes", maxInFlightBytes);
      Invalid.unlessAtLeastOne("pullBatch", pullBatch);
      Invalid.unlessPositive("roomWait", roomWait);
    }
  }

  public NatsSourceSettings {
    Invalid.unlessName("stream", stream);
    subjects = List.copyOf(subjects);
    subjects.forEach(subject -> Invalid.unlessPattern("subjects", subject));
    Invalid.unlessName("durable", durable);
    actionNames = Map.copyOf(actionNames);
    actionNames.forEach(
        (pattern, name) -> {
          Invalid.unlessPattern("actionNames", pattern);
          if (name.isBlank()) {
            throw Invalid.setting("actionNames must not be empty, got \"\" for %s", pattern);
          }
        });
    if (!orderingHeader.matches("[!-9;-~]+")) {
      throw Invalid.setting("orderingHeader must be a header name, got \"%s\"", orderingHeader);
    }
    if (ackWait.compareTo(SHORTEST_ACK_WAIT) < 0) {
      throw Invalid.setting("ackWait must be at least %s, got %s", SHORTEST_ACK_WAIT, ackWait);
    }
    Invalid.unlessPositive("closeTimeout", closeTimeout);
  }

  /** Defaults for everything but the stream. */
  public static Builder builder(String stream) {
    return new Builder(stream);
  }

  /** Collects settings; {@link #build} checks them. */
  public static final class Builder {
    private final String stream;
    private List<String> subjects = List.of();
    private String durable = DEFAULT_DURABLE;
    private boolean createConsumer = true;
    private Map<String, String> actionNames = Map.of();
    private Ordering ordering = Ordering.NONE;
    private String orderingHeader = DEFAULT_ORDERING_HEADER;
    private Limits limits = Limits.DEFAULTS;
    private Duration ackWait = Duration.ofSeconds(30);
    private Duration closeTimeout = Duration.ofSeconds(10);

    private Builder(String stream) {
      this.stream = stream;
    }

    public Builder subjects(String... patterns) {
      subjects = List.of(patterns);
      return this;
    }

    public Builder durable(String name) {
      durable = name;
      return this;
    }

    public Builder createConsumer(boolean value) {
      createConsumer = value;
      return this;
    }

    public Builder actionNames(Map<String, String> nameByPattern) {
      actionNames = nameByPattern;
      return this;
    }

    public Builder ordering(Ordering value) {
      ordering = value;
      return this;
    }

    public Builder orderingHeader(String name) {
      orderingHeader = name;
      return this;
    }

    public Builder limits(Limits value) {
      limits = value;
      return this;
    }

    public Builder ackWait(Duration value) {
      ackWait = value;
      return this;
    }

    public Builder closeTimeout(Duration value) {
      closeTimeout = value;
      return this;
    }

    /**
     * @throws IllegalArgumentException naming the first setting that is wrong
     */
    public NatsSourceSettings build() {
      return new NatsSourceSettings(
          stream,
          subjects,
          durable,
          createConsumer,
          actionNames,
          ordering,
          orderingHeader,
          limits,
          ackWait,
          closeTimeout);
    }
  }
}
