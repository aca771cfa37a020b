package org.osprey.coordinator.pubsub;

import java.util.concurrent.atomic.AtomicLong;

/** What a source counts since its start. */
final class SourceCounts {
  final AtomicLong received = new AtomicLong();
  final AtomicLong repeats = new AtomicLong();
  final AtomicLong undecodable = new AtomicLong();
  final AtomicLong returned = new AtomicLong();
}
