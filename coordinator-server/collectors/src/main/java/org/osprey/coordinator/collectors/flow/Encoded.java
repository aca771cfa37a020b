package org.osprey.coordinator.collectors.flow;

import org.osprey.coordinator.collector.Severity;

/**
 * An event as it is published, and what is needed on the way there.
 *
 * @param collector its name in the configuration
 * @param epoch of the flow that took it: later ones are greater
 * @param seq counts the events of this collector in this epoch
 * @param body the whole event as a JSON object in UTF-8, never changed
 * @param emittedNanos when it was taken, by the ticker of this process
 * @param settled run when nothing more happens to it
 */
@SuppressWarnings("ArrayRecordComponent") // shared on purpose, from emit to publish
public record Encoded(
    String collector,
    long epoch,
    long seq,
    String type,
    Severity severity,
    byte[] body,
    long emittedNanos,
    Runnable settled) {

  /** The same in the event, the message id and the log. */
  public String id() {
    return id(collector, epoch, seq);
  }

  public static String id(String collector, long epoch, long seq) {
    return collector + '-' + Long.toString(epoch, 36) + '-' + seq;
  }
}
