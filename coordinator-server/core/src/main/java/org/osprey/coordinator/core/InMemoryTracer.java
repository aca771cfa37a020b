package org.osprey.coordinator.core;

import com.google.errorprone.annotations.ThreadSafe;
import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Traces as long as the process lives: for tests and simulations. */
@ThreadSafe
public final class InMemoryTracer implements Tracer {
  private static final String PARENT = "traceparent";

  @GuardedBy("this")
  private final List<Recorded> traces = new ArrayList<>();

  @Override
  public Trace begin(
      Action action, Lane lane, String source, long receivedAt, Tracer.Headers headers) {
    Recorded trace = new Recorded(action, lane, source, receivedAt, headers.get(PARENT));
    synchronized (this) {
      traces.add(trace);
    }
    return trace;
  }

  /** In the order in which they began. */
  public synchronized List<Recorded> traces() {
    return List.copyOf(traces);
  }

  /** What became of one delivery. It passes on the header {@code traceparent} that came. */
  @ThreadSafe
  public static final class Recorded implements Trace {
    @SuppressWarnings("ThreadSafe") // immutable but for its arrays, which nobody touches
    private final Action action;

    private final Lane lane;
    private final String source;
    private final long receivedAt;
    private final @Nullable String parent;

    @GuardedBy("this")
    private final List<Step> steps = new ArrayList<>();

    @GuardedBy("this")
    private final List<Done> done = new ArrayList<>();

    /**
     * Work that has ended.
     *
     * @param failure null when it succeeded
     */
    public record Done(Work work, @Nullable Throwable failure) {}

    private Recorded(
        Action action, Lane lane, String source, long receivedAt, @Nullable String parent) {
      this.action = action;
      this.lane = lane;
      this.source = source;
      this.receivedAt = receivedAt;
      this.parent = parent;
    }

    @Override
    public synchronized void add(Step step) {
      steps.add(step);
    }

    @Override
    public Task begin(Work work) {
      return failure -> end(new Done(work, failure));
    }

    @Override
    public Map<String, String> headers() {
      return parent == null ? Map.of() : Map.of(PARENT, parent);
    }

    public Action action() {
      return action;
    }

    public Lane lane() {
      return lane;
    }

    public String source() {
      return source;
    }

    public long receivedAt() {
      return receivedAt;
    }

    /** The header {@code traceparent} that came with the action, or null. */
    public @Nullable String parent() {
      return parent;
    }

    public synchronized List<Step> steps() {
      return List.copyOf(steps);
    }

    public synchronized List<Done> done() {
      return List.copyOf(done);
    }

    private synchronized void end(Done work) {
      done.add(work);
    }
  }
}
