package org.osprey.coordinator.nats;

/**
 * Where dead letters are kept.
 *
 * @param stream holds nothing else
 * @param subject of that stream
 * @param createStream whether to make the stream when it is not there, for ever and without limits
 * @param replicas of a stream that is made here
 */
public record NatsDeadLetterSettings(
    String stream, String subject, boolean createStream, int replicas) {
  public static final NatsDeadLetterSettings DEFAULTS =
      new NatsDeadLetterSettings("osprey_dead_letters", "osprey.dead_letters", true, 1);

  private static final int MOST_REPLICAS = 5;

  public NatsDeadLetterSettings {
    Invalid.unlessName("deadLetterStream", stream);
    Invalid.unlessSubject("deadLetterSubject", subject);
    Invalid.unlessAtLeastOne("deadLetterReplicas", replicas);
    if (replicas > MOST_REPLICAS) {
      throw Invalid.setting(
          "deadLetterReplicas must be at most %d, got %d", MOST_REPLICAS, replicas);
    }
  }
}
