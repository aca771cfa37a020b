package org.osprey.coordinator.kafka;

import org.apache.kafka.common.TopicPartition;
import org.osprey.coordinator.core.Delivery;
import org.osprey.coordinator.core.InFlight;
import org.osprey.coordinator.core.Outcome;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The place of one record in its partition's window and in the room of the process. */
final class UnfinishedRecord implements Delivery.Handle {
  private static final Logger log = LoggerFactory.getLogger(UnfinishedRecord.class);

  private final TopicPartition partition;
  private final OffsetWindow window;
  private final long offset;
  private final long ticket;
  private final InFlight inFlight;
  private final long size;

  UnfinishedRecord(
      TopicPartition partition,
      long offset,
      OffsetWindow window,
      long ticket,
      InFlight inFlight,
      long size) {
    this.partition = partition;
    this.window = window;
    this.offset = offset;
    this.ticket = ticket;
    this.inFlight = inFlight;
    this.size = size;
  }

  @Override
  public void finished(Outcome outcome) {
    switch (outcome) {
      case Outcome.Acked acked -> finish();
      case Outcome.DeadLettered letter -> finish();
      case Outcome.Nacked nacked -> leave(outcome);
      case Outcome.Expired expired -> leave(outcome);
      case Outcome.Rejected rejected -> leave(outcome);
    }
  }

  @Override
  public String origin() {
    return "topic=%s partition=%d offset=%d"
        .formatted(partition.topic(), partition.partition(), offset);
  }

  /** The record need not be read again. */
  void finish() {
    window.finish(ticket);
    inFlight.giveBack(size);
  }

  /** The record stays unfinished, but takes no room any more. */
  void letGo() {
    inFlight.giveBack(size);
  }

  /** Whether its partition was taken from us, so that finishing it changes nothing. */
  boolean isForeign() {
    return window.isClosed();
  }

  /** Not for async deliveries, says the core; if it ever happens, the record is read again. */
  private void leave(Outcome outcome) {
    log.warn("record is left to be read again: outcome={}", outcome);
    letGo();
  }
}
