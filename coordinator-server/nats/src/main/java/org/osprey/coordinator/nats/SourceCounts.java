package org.osprey.coordinator.nats;

import java.util.concurrent.atomic.AtomicLong;

/** What a source counts over all its connections. */
final class SourceCounts {
  final AtomicLong consumed = new AtomicLong();
  final AtomicLong undecodable = new AtomicLong();
  final AtomicLong redelivered = new AtomicLong();
  final AtomicLong postponed = new AtomicLong();
  final AtomicLong inProgressSent = new AtomicLong();
}
