package org.osprey.coordinator.worker;

/**
 * What a worker has done since it was built, read at one moment.
 *
 * @param streamsConnected how many streams are up now
 * @param received actions handed to the handler
 * @param acked answers with verdicts that were sent
 * @param nacked nacks that were sent, those for time included
 * @param timedOut actions nacked because the handler took too long
 * @param reconnects how often a stream came up again after an earlier one of its place had ended
 */
public record WorkerStats(
    int streamsConnected, long received, long acked, long nacked, long timedOut, long reconnects) {}
