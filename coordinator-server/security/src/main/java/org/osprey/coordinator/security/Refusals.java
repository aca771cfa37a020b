package org.osprey.coordinator.security;

import com.google.errorprone.annotations.ThreadSafe;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.LongAdder;
import org.osprey.coordinator.core.Figures;
import org.osprey.coordinator.core.Rate;
import org.osprey.coordinator.core.Ticker;
import org.osprey.coordinator.security.RefusedException.Reason;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Counts who is refused, and says so in the log as long as it is no flood. */
@ThreadSafe
final class Refusals {
  private static final Logger log = LoggerFactory.getLogger(Refusals.class);
  private static final double LINES_PER_SECOND = 1;
  private static final double LINES_AT_ONCE = 20;

  @SuppressWarnings("ThreadSafe") // is not changed any more
  private final Map<Reason, LongAdder> counts = new EnumMap<>(Reason.class);

  private final LongAdder unsaid = new LongAdder();
  private final Rate lines;

  Refusals(Ticker ticker) {
    lines = new Rate(LINES_PER_SECOND, LINES_AT_ONCE, ticker);
    for (Reason reason : Reason.values()) {
      counts.put(reason, new LongAdder());
    }
  }

  /**
   * @param who an identity's name, or an address
   * @return the same
   */
  RefusedException count(String who, RefusedException refused) {
    Objects.requireNonNull(counts.get(refused.reason())).increment();
    if (lines.take(1)) {
      log.warn(
          "refused: who={} reason={} unsaid={} problem=\"{}\"",
          who,
          refused.reason().label(),
          unsaid.sumThenReset(),
          refused.getMessage());
    } else {
      unsaid.increment();
    }
    return refused;
  }

  void tell(Figures figures) {
    counts.forEach(
        (reason, count) ->
            figures.counter(
                "access_refused",
                "Calls, requests and streams that were refused, by why.",
                count.sum(),
                "reason",
                reason.label()));
  }
}
