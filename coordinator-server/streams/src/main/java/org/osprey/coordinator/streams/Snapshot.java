package org.osprey.coordinator.streams;

import org.osprey.coordinator.proto.streams.v1.OrchestratorConfigDto;
import org.osprey.coordinator.proto.streams.v1.StreamMode;

/**
 * What is kept of a stream, enough to go on where it would be by now.
 *
 * @param run how often it began from the start
 * @param loop how often the last scene was followed by the first in this run, at the anchor
 * @param positionMillis since the beginning of the first scene; of a running stream, at the anchor
 * @param anchorMillis since 1970, when a running stream was at that position; 0 for one that does
 *     not run
 */
public record Snapshot(
    String streamId,
    OrchestratorConfigDto config,
    StreamMode mode,
    long run,
    long loop,
    long positionMillis,
    long anchorMillis) {}
