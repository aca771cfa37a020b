package org.osprey.coordinator.streams;

import com.google.errorprone.annotations.ThreadSafe;
import java.util.Arrays;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.osprey.coordinator.proto.streams.v1.StateUpdate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Who in this process is told of the updates of which stream. To tell them allocates nothing. */
@ThreadSafe
public final class UpdateListeners {
  private static final Logger log = LoggerFactory.getLogger(UpdateListeners.class);

  /** The arrays are never changed, and never empty. */
  @SuppressWarnings("ThreadSafe") // the elements are
  private final ConcurrentHashMap<String, Listener[]> byStream = new ConcurrentHashMap<>();

  /** From now on the listener is told, until the watch is closed. */
  public Transport.Watch add(String streamId, Consumer<StateUpdate> listener) {
    Listener added = new Listener(streamId, listener);
    byStream.merge(streamId, new Listener[] {added}, UpdateListeners::joined);
    return added;
  }

  /** Whether anybody is told of this stream. */
  public boolean has(String streamId) {
    return byStream.containsKey(streamId);
  }

  /** The streams of which anybody is told; a view. */
  public Set<String> streams() {
    return byStream.keySet();
  }

  /** Calls the listeners of the stream on this thread. Never throws. */
  public void tell(StateUpdate update) {
    Listener[] told = byStream.get(update.getStreamId());
    if (told == null) {
      return;
    }
    for (Listener listener : told) {
      listener.tell(update);
    }
  }

  private static Listener[] joined(Listener[] present, Listener[] added) {
    Listener[] all = Arrays.copyOf(present, present.length + 1);
    all[present.length] = added[0];
    return all;
  }

  private static Listener @Nullable [] without(Listener[] present, Listener gone) {
    Listener[] rest =
        Arrays.stream(present).filter(other -> !other.equals(gone)).toArray(Listener[]::new);
    return rest.length == 0 ? null : rest;
  }

  private final class Listener implements Transport.Watch {
    private final String streamId;
    private final Consumer<StateUpdate> told;
    private volatile boolean closed;
    private volatile boolean failedBefore;

    private Listener(String streamId, Consumer<StateUpdate> told) {
      this.streamId = streamId;
      this.told = told;
    }

    private void tell(StateUpdate update) {
      if (closed) {
        return;
      }
      try {
        told.accept(update);
      } catch (RuntimeException e) {
        failed(e);
      }
    }

    /** Said once: updates come ten times a second. */
    private void failed(RuntimeException failure) {
      if (!failedBefore) {
        failedBefore = true;
        log.error("listener failed and goes on being told: stream={}", streamId, failure);
      }
    }

    @Override
    public void close() {
      closed = true;
      byStream.computeIfPresent(streamId, (id, present) -> without(present, this));
    }
  }
}
