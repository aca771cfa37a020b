package org.osprey.coordinator.core;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * A source at one moment; the counts are since its start.
 *
 * @param taken messages that came, each once
 * @param undecodable those of them that are no actions
 * @param repeated deliveries of messages that had come before, where the origin repeats itself
 * @param failedAcks commits or acks that the origin did not take; each was tried again
 * @param inFlight messages that are taken and unfinished
 * @param lag messages that wait at the origin or are unfinished here, as far as is known; null when
 *     the origin does not say
 * @param oldestUnfinished how long the unfinished message that was taken first has been here, which
 *     is how long a commit could not go on; zero when all is finished
 */
public record SourceProgress(
    long taken,
    long undecodable,
    long repeated,
    long failedAcks,
    int inFlight,
    @Nullable Long lag,
    Duration oldestUnfinished) {

  /** Of a source that does not count. */
  public static final SourceProgress NONE = new SourceProgress(0, 0, 0, 0, 0, null, Duration.ZERO);
}
