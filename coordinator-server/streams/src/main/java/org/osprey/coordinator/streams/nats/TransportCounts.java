package org.osprey.coordinator.streams.nats;

import com.google.errorprone.annotations.ThreadSafe;
import java.util.concurrent.atomic.LongAdder;
import org.osprey.coordinator.core.Figures;
import org.osprey.coordinator.core.Measured;

/** What went over NATS, since the start. */
@ThreadSafe
@SuppressWarnings("ThreadSafe") // adders are
final class TransportCounts implements Measured {
  final LongAdder published = new LongAdder();
  final LongAdder leftOut = new LongAdder();
  final LongAdder stalls = new LongAdder();
  final LongAdder updates = new LongAdder();
  final LongAdder commands = new LongAdder();
  final LongAdder malformed = new LongAdder();
  final LongAdder refused = new LongAdder();
  final LongAdder repliesLost = new LongAdder();
  final LongAdder requests = new LongAdder();
  final LongAdder unanswered = new LongAdder();

  @Override
  public void tell(Figures figures) {
    figures.counter("streams_nats_published", "Updates that were sent.", published.sum());
    figures.counter(
        "streams_nats_left_out",
        "Updates that were not sent because there was no connection, or a stalled one.",
        leftOut.sum());
    figures.counter(
        "streams_nats_stalls", "How often the server left an echo unanswered.", stalls.sum());
    figures.counter("streams_nats_updates", "Updates that came in.", updates.sum());
    figures.counter("streams_nats_commands", "Commands that came in.", commands.sum());
    figures.counter("streams_nats_malformed", "Messages that could not be read.", malformed.sum());
    figures.counter(
        "streams_nats_refused",
        "Commands that were refused because too many were under way.",
        refused.sum());
    figures.counter(
        "streams_nats_replies_lost", "Replies that could not be sent.", repliesLost.sum());
    figures.counter("streams_nats_requests", "Commands that were sent out.", requests.sum());
    figures.counter(
        "streams_nats_unanswered", "Commands whose answer did not come in time.", unanswered.sum());
  }
}
