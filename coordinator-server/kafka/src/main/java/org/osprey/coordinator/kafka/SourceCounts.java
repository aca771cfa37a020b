package org.osprey.coordinator.kafka;

import java.util.concurrent.atomic.AtomicLong;

/** What a source counts over all its consumers. */
final class SourceCounts {
  final AtomicLong consumed = new AtomicLong();
  final AtomicLong undecodable = new AtomicLong();
  final AtomicLong commits = new AtomicLong();
  final AtomicLong commitFailures = new AtomicLong();
}
