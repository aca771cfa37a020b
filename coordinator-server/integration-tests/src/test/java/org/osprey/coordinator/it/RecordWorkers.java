package org.osprey.coordinator.it;

import java.time.Duration;
import java.util.List;
import org.osprey.coordinator.worker.Answer;
import org.osprey.coordinator.worker.StreamWorker;

/** Workers that hold each action for a while and ack it, and tell the ledger before they do. */
final class RecordWorkers {
  /** Ids from this on are of calls, which are no records. */
  static final long FIRST_CALL = 1L << 40;

  private RecordWorkers() {}

  static StreamWorker start(RecordLedger ledger, int streams, Duration hold, String... targets) {
    StreamWorker worker =
        StreamWorker.builder()
            .targets(List.of(targets))
            .streams(streams)
            .drainTimeout(Duration.ofSeconds(1))
            .handler(
                action -> {
                  Thread.sleep(hold);
                  String verdict = "verdict_for_" + action.idText();
                  if (Long.parseUnsignedLong(action.idText()) < FIRST_CALL) {
                    ledger.handled(action.idText(), verdict);
                  }
                  return Answer.verdicts(verdict);
                })
            .build();
    worker.start();
    return worker;
  }
}
