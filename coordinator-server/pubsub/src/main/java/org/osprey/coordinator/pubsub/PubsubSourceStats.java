package org.osprey.coordinator.pubsub;

/**
 * A picture of a source at one moment; the counts are since its start.
 *
 * @param received messages that came, each delivery counted
 * @param repeats those of them that we still had, or had finished already, and did not offer again
 * @param undecodable messages that are no actions
 * @param returned messages that were nacked
 * @param failedAckCalls calls to ack or to extend leases that failed, each try counted
 * @param held messages that are leased and unfinished
 * @param waiting those of them that were not offered yet
 * @param inFlight those of them that were accepted
 * @param doubtfulAcks finished messages whose ack may not have counted
 */
public record PubsubSourceStats(
    long received,
    long repeats,
    long undecodable,
    long returned,
    long failedAckCalls,
    int held,
    int waiting,
    int inFlight,
    int doubtfulAcks) {}
