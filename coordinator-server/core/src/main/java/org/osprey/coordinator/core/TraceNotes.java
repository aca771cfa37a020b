package org.osprey.coordinator.core;

import java.util.List;
import java.util.Locale;
import org.osprey.coordinator.core.Trace.Answer;
import org.osprey.coordinator.core.Trace.Step;

/**
 * What a traced delivery remembers between its events. Guarded by the dispatcher's lock; the trace
 * itself hears of each step as an effect, without it.
 */
final class TraceNotes {
  private static final long NOT_OUT = Long.MIN_VALUE;

  private final Trace trace;
  private long waitsSince;
  private long outSince = NOT_OUT;
  private String worker = "";
  private int attempts;

  TraceNotes(Trace trace) {
    this.trace = trace;
  }

  Trace trace() {
    return trace;
  }

  void accepted(long now, List<Runnable> effects) {
    waitsSince = now;
    add(new Step.Accepted(now), effects);
  }

  void leased(String to, long now, List<Runnable> effects) {
    add(new Step.Queued(waitsSince, now), effects);
    worker = to;
    outSince = now;
    attempts++;
  }

  /** The hand-over is over; if there is none, nothing happens. */
  void answered(Answer answer, long now, List<Runnable> effects) {
    if (outSince == NOT_OUT) {
      return;
    }
    add(new Step.HandedOver(outSince, now, worker, attempts, answer), effects);
    outSince = NOT_OUT;
    waitsSince = now;
  }

  void ended(Outcome outcome, long now, List<Runnable> effects) {
    answered(Answer.ABANDONED, now, effects);
    ended(EndedAction.Kind.of(outcome).name().toLowerCase(Locale.ROOT), now, effects);
  }

  /** Without the lock, as all effects. */
  void tell(Delivery.Handle handle, Outcome outcome) {
    Trace.Task task = trace.begin(Trace.Work.ACK);
    try {
      TraceIds.with(trace, () -> handle.finished(outcome));
    } catch (RuntimeException e) {
      task.ended(e);
      throw e;
    }
    task.ended(null);
  }

  /** It was not accepted, and will not be offered again. */
  void refused(long now, List<Runnable> effects) {
    ended("refused", now, effects);
  }

  private void ended(String outcome, long now, List<Runnable> effects) {
    add(new Step.Ended(outcome, attempts, now), effects);
  }

  private void add(Step step, List<Runnable> effects) {
    effects.add(() -> trace.add(step));
  }
}
