package org.osprey.coordinator.database;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.osprey.coordinator.core.Action;
import org.osprey.coordinator.core.DeadLetter;
import org.osprey.coordinator.core.DeadLetters;
import org.osprey.coordinator.core.Delivery;
import org.osprey.coordinator.core.InFlight;
import org.osprey.coordinator.core.Intake;
import org.osprey.coordinator.core.Intake.Admission;
import org.osprey.coordinator.core.Intake.BatchAdmission;
import org.osprey.coordinator.core.Lane;
import org.osprey.coordinator.core.Ticker;
import org.osprey.coordinator.core.Trace;
import org.osprey.coordinator.core.Tracer;

/**
 * Claims rows as long as there is room in this process, and offers them in the order in which they
 * were due. Belongs to the source's loop.
 */
final class SubmissionFeed {
  /** Rows are claimed so early, and the core hands them over at their time. */
  private static final Duration AHEAD = Duration.ofSeconds(1);

  private final SubmissionTable table;
  private final HeldSubmissions held;
  private final InFlight inFlight;
  private final DeadLetters deadLetters;
  private final Ticker ticker;
  private final Deque<Delivery> waiting = new ArrayDeque<>();

  /** What to do next. */
  enum Flow {
    /** There may be more. */
    GO_ON,
    /** Nothing is there now. */
    NOTHING_DUE,
    /** This process has as many rows as it may have. */
    IN_FLIGHT_FULL,
    INTAKE_FULL,
    /** The coordinator is going away: nothing will be taken any more. */
    DRAINING
  }

  SubmissionFeed(
      SubmissionTable table,
      HeldSubmissions held,
      InFlight inFlight,
      DeadLetters deadLetters,
      Ticker ticker) {
    this.table = table;
    this.held = held;
    this.inFlight = inFlight;
    this.deadLetters = deadLetters;
    this.ticker = ticker;
  }

  /**
   * @throws DatabaseException when the database cannot be reached
   */
  Flow step(Intake intake) {
    Flow flow = offer(intake);
    if (flow != Flow.GO_ON) {
      return flow;
    }
    flow = claim(intake.tracer());
    Flow offered = offer(intake);
    return offered == Flow.GO_ON ? flow : offered;
  }

  private Flow offer(Intake intake) {
    while (!waiting.isEmpty()) {
      List<Delivery> batch = waiting.stream().limit(Intake.LARGEST_BATCH).toList();
      BatchAdmission admission = intake.offer(batch);
      for (int i = 0; i < admission.accepted(); i++) {
        waiting.removeFirst();
      }
      if (admission.last() != Admission.ACCEPTED) {
        return admission.last() == Admission.FULL ? Flow.INTAKE_FULL : Flow.DRAINING;
      }
    }
    return Flow.GO_ON;
  }

  private Flow claim(@Nullable Tracer tracer) {
    if (inFlight.freeActions() < 1) {
      return Flow.IN_FLIGHT_FULL;
    }
    List<SubmissionTable.Candidate> candidates = table.candidates(AHEAD, inFlight.freeActions());
    Map<Long, Long> chosen = takeRoom(candidates);
    if (chosen.isEmpty()) {
      return candidates.isEmpty() ? Flow.NOTHING_DUE : Flow.IN_FLIGHT_FULL;
    }
    try {
      Map<Long, StoredSubmission> rows = claimed(chosen);
      for (long id : List.copyOf(chosen.keySet())) {
        StoredSubmission row = rows.get(id);
        Long size = row == null ? null : chosen.remove(id);
        if (row != null && size != null) {
          take(row, size, tracer);
        }
      }
    } finally {
      // Others were quicker, or the database is away.
      chosen.values().forEach(inFlight::giveBack);
    }
    return Flow.GO_ON;
  }

  /** Sizes by id of those that there is room for. */
  private Map<Long, Long> takeRoom(List<SubmissionTable.Candidate> candidates) {
    Map<Long, Long> chosen = new LinkedHashMap<>();
    for (SubmissionTable.Candidate candidate : candidates) {
      if (held.has(candidate.id())) {
        continue;
      }
      if (!inFlight.tryTake(candidate.bytes())) {
        break;
      }
      chosen.put(candidate.id(), candidate.bytes());
    }
    return chosen;
  }

  /** By id, because they come in any order. */
  private Map<Long, StoredSubmission> claimed(Map<Long, Long> chosen) {
    return Database.join(table.claim(chosen.keySet())).stream()
        .collect(Collectors.toMap(StoredSubmission::id, Function.identity()));
  }

  /** A row keeps no headers, so its trace begins here. */
  private @Nullable Trace trace(Action action, @Nullable Tracer tracer) {
    return tracer == null
        ? null
        : tracer.begin(action, Lane.ASYNC, DatabaseSource.NAME, ticker.nanos(), name -> null);
  }

  private void take(StoredSubmission row, long size, @Nullable Tracer tracer) {
    HeldSubmissions.Held taken = held.hold(row.id(), size);
    switch (row) {
      case StoredSubmission.Good(long id, Action action) ->
          waiting.add(
              Delivery.async(action, DatabaseSource.NAME, null, taken, trace(action, tracer)));
      case StoredSubmission.Broken broken -> bury(broken, taken);
    }
  }

  private void bury(StoredSubmission.Broken row, HeldSubmissions.Held taken) {
    DeadLetter letter =
        DeadLetter.undecodable(DatabaseSource.NAME, taken.origin(), row.content(), row.error());
    deadLetters
        .put(letter)
        .whenComplete(
            (stored, failure) -> {
              if (failure == null) {
                taken.done();
              } else {
                taken.leave(failure);
              }
            });
  }
}
