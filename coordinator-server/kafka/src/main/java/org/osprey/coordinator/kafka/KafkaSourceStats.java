package org.osprey.coordinator.kafka;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * A picture of a source at one moment; the counts are since its start.
 *
 * @param consumed records that were offered or sent to the dead letters
 * @param undecodable records that are no actions
 * @param inFlight accepted and unfinished records
 * @param inFlightBytes their payloads and secrets
 * @param assigned partitions
 * @param paused partitions that are assigned and not read from now
 * @param oldest what keeps a commit from going on the longest, or null when all is finished
 */
public record KafkaSourceStats(
    long consumed,
    long undecodable,
    long commits,
    long commitFailures,
    int inFlight,
    long inFlightBytes,
    int assigned,
    int paused,
    @Nullable Oldest oldest) {

  /** The unfinished record that was taken first. */
  public record Oldest(String topic, int partition, long offset, Duration age) {
    @Override
    public String toString() {
      return "%s-%d@%d age=%ds".formatted(topic, partition, offset, age.toSeconds());
    }
  }
}
