package org.osprey.coordinator.tasks;

import com.google.errorprone.annotations.ThreadSafe;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;
import org.osprey.coordinator.core.Figures;

/** How the calls to one service ended, since the start. */
@ThreadSafe
final class CallCounts {
  private static final String SERVICE = "service";

  private final String service;

  @SuppressWarnings("ThreadSafe") // never changed once it is full
  private final Map<Outcome, LongAdder> calls = new EnumMap<>(Outcome.class);

  @SuppressWarnings("ThreadSafe") // it is
  private final LongAdder late = new LongAdder();

  /** How a call ended; the names are those of the metric's label. */
  private enum Outcome {
    SUCCEEDED,
    REFUSED,
    POSTPONED,
    ABORTED,
    BUSY,
    NOT_REACHED,
    BROKEN;

    static Outcome of(Attempt attempt) {
      return switch (attempt) {
        case Attempt.Succeeded succeeded -> SUCCEEDED;
        case Attempt.Refused refused -> REFUSED;
        case Attempt.Postponed postponed -> POSTPONED;
        case Attempt.Aborted aborted -> ABORTED;
        case Attempt.Failed failed ->
            switch (failed.kind()) {
              case BUSY -> BUSY;
              case NOT_REACHED -> NOT_REACHED;
              case BROKEN -> BROKEN;
            };
      };
    }
  }

  CallCounts(String service) {
    this.service = service;
    for (Outcome outcome : Outcome.values()) {
      calls.put(outcome, new LongAdder());
    }
  }

  void ended(Attempt attempt) {
    LongAdder count = calls.get(Outcome.of(attempt));
    if (count != null) {
      count.increment();
    }
  }

  /** Somebody else had ended the request before. */
  void late() {
    late.increment();
  }

  void tell(Figures figures) {
    calls.forEach(
        (outcome, count) ->
            figures.counter(
                "task_calls",
                "Calls to services, each attempt once.",
                count.sum(),
                SERVICE,
                service,
                "outcome",
                outcome.name().toLowerCase(Locale.ROOT)));
    figures.counter(
        "task_late_answers",
        "Answers that came when their request had ended or was with another coordinator.",
        late.sum(),
        SERVICE,
        service);
  }
}
