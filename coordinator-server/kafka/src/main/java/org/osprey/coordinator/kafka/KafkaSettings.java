package org.osprey.coordinator.kafka;

import java.time.Duration;
import java.util.Map;
import java.util.TreeSet;

/**
 * What to read from Kafka, and how.
 *
 * @param section of the coordinator's settings that these are, for people
 * @param bootstrapServers {@code host:port}, several with commas
 * @param deadLetterTopic where records go that are no actions, and actions that were given up
 * @param ordering which records wait for each other
 * @param maxInFlight accepted and unfinished actions of this process
 * @param maxInFlightBytes their payloads and secrets; one larger action is taken when there is none
 *     other
 * @param window records of one partition from its oldest unfinished one to its newest
 * @param roomWait how long a full intake is waited for before the partitions are paused
 * @param commitInterval the longest time between a finished record and its commit
 * @param commitBatch so many finished records are committed at once, even before the interval;
 *     while twice as many of a partition wait for a commit, no more of it are offered
 * @param closeTimeout the longest time {@link KafkaSource#close} and {@link DeadLetterTopic#close}
 *     take
 * @param properties passed to the Kafka clients as they are; may hold secrets
 */
public record KafkaSettings(
    String section,
    String bootstrapServers,
    String topic,
    String groupId,
    String deadLetterTopic,
    Ordering ordering,
    GroupProtocol groupProtocol,
    int maxInFlight,
    long maxInFlightBytes,
    int window,
    Duration roomWait,
    Duration commitInterval,
    int commitBatch,
    Duration closeTimeout,
    Map<String, String> properties) {

  /** Longer waits without a poll would cost the membership in the group. */
  private static final Duration LONGEST_ROOM_WAIT = Duration.ofSeconds(30);

  private static final int LARGEST_WINDOW = 1 << 24;

  /** Which records are never out at the same time and go out in their order. */
  public enum Ordering {
    NONE,
    /** Those with the same key; records without a key have no order. */
    KEY,
    /** Those of one partition: one at a time. */
    PARTITION
  }

  /** How the members of the group agree on who has which partition. */
  public enum GroupProtocol {
    /** {@link #CONSUMER} where the broker has it, otherwise {@link #CLASSIC}. */
    AUTO,
    CONSUMER,
    CLASSIC
  }

  public KafkaSettings {
    Require.notBlank("section", section);
    Require.notBlank("bootstrapServers", bootstrapServers);
    Require.topicName("topic", topic);
    Require.notBlank("groupId", groupId);
    Require.topicName("deadLetterTopic", deadLetterTopic);
    if (deadLetterTopic.equals(topic)) {
      throw Require.invalid("deadLetterTopic must not be kafka.topic, got %s for both", topic);
    }
    Require.atLeastOne("maxInFlight", maxInFlight);
    Require.atLeastOne("maxInFlightBytes", maxInFlightBytes);
    Require.atLeastOne("window", window);
    if (window > LARGEST_WINDOW) {
      throw Require.invalid("window must be at most %d, got %d", LARGEST_WINDOW, window);
    }
    Require.positive("roomWait", roomWait);
    if (roomWait.compareTo(LONGEST_ROOM_WAIT) > 0) {
      throw Require.invalid("roomWait must be at most %s, got %s", LONGEST_ROOM_WAIT, roomWait);
    }
    Require.positive("commitInterval", commitInterval);
    Require.atLeastOne("commitBatch", commitBatch);
    Require.positive("closeTimeout", closeTimeout);
    properties = Map.copyOf(properties);
  }

  /** Defaults for everything but the three that have none. */
  public static Builder builder(String bootstrapServers, String topic, String groupId) {
    return new Builder(bootstrapServers, topic, groupId);
  }

  /** The section as a part of names of components and loops. */
  String words() {
    return section.replace('.', ' ');
  }

  Cluster cluster() {
    return new Cluster(section, bootstrapServers, properties);
  }

  /** Leaves the values of {@code properties} out: they may be secrets. */
  @Override
  public String toString() {
    return "KafkaSettings[bootstrapServers=%s, topic=%s, groupId=%s, properties=%s]"
        .formatted(bootstrapServers, topic, groupId, new TreeSet<>(properties.keySet()));
  }

  /** Collects settings; {@link #build} checks them. */
  public static final class Builder {
    private final String bootstrapServers;
    private final String topic;
    private final String groupId;
    private String section = "kafka";
    private String deadLetterTopic;
    private Ordering ordering = Ordering.NONE;
    private GroupProtocol groupProtocol = GroupProtocol.AUTO;
    private int maxInFlight = 5000;
    private long maxInFlightBytes = 64L << 20;
    private int window = 10_000;
    private Duration roomWait = Duration.ofMillis(500);
    private Duration commitInterval = Duration.ofSeconds(1);
    private int commitBatch = 1000;
    private Duration closeTimeout = Duration.ofSeconds(10);
    private Map<String, String> properties = Map.of();

    private Builder(String bootstrapServers, String topic, String groupId) {
      this.bootstrapServers = bootstrapServers;
      this.topic = topic;
      this.groupId = groupId;
      deadLetterTopic = topic + ".dead-letters";
    }

    public Builder section(String value) {
      section = value;
      return this;
    }

    public Builder deadLetterTopic(String value) {
      deadLetterTopic = value;
      return this;
    }

    public Builder ordering(Ordering value) {
      ordering = value;
      return this;
    }

    public Builder groupProtocol(GroupProtocol value) {
      groupProtocol = value;
      return this;
    }

    public Builder maxInFlight(int actions) {
      maxInFlight = actions;
      return this;
    }

    public Builder maxInFlightBytes(long bytes) {
      maxInFlightBytes = bytes;
      return this;
    }

    public Builder window(int records) {
      window = records;
      return this;
    }

    public Builder roomWait(Duration value) {
      roomWait = value;
      return this;
    }

    public Builder commitInterval(Duration value) {
      commitInterval = value;
      return this;
    }

    public Builder commitBatch(int records) {
      commitBatch = records;
      return this;
    }

    public Builder closeTimeout(Duration value) {
      closeTimeout = value;
      return this;
    }

    public Builder properties(Map<String, String> value) {
      properties = value;
      return this;
    }

    /**
     * @throws IllegalArgumentException naming the first setting that is wrong
     */
    public KafkaSettings build() {
      return new KafkaSettings(
          section,
          bootstrapServers,
          topic,
          groupId,
          deadLetterTopic,
          ordering,
          groupProtocol,
          maxInFlight,
          maxInFlightBytes,
          window,
          roomWait,
          commitInterval,
          commitBatch,
          closeTimeout,
          properties);
    }
  }
}
