package org.osprey.coordinator.pubsub;

import com.google.errorprone.annotations.ThreadSafe;
import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.ClientInterceptor;
import io.grpc.ForwardingClientCall.SimpleForwardingClientCall;
import io.grpc.ForwardingClientCallListener.SimpleForwardingClientCallListener;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.osprey.coordinator.core.Ticker;

/**
 * Sees how the library's calls fare. The library itself hides why a stream ended while it goes on
 * trying, and tells of a fatal end only when the last message in hand is finished.
 */
@ThreadSafe
final class CallWatch implements ClientInterceptor {
  private static final String STREAM = "StreamingPull";

  /** A stream that the service refuses ends sooner. */
  private static final Duration REFUSAL = Duration.ofSeconds(1);

  private final Ticker ticker;
  private final AtomicLong breaks = new AtomicLong();
  private final AtomicLong failedAckCalls = new AtomicLong();
  private final AtomicLong ackFailuresInARow = new AtomicLong();

  /** The number of the stream that was begun last; what happens to older ones does not matter. */
  @GuardedBy("this")
  private long newest;

  @GuardedBy("this")
  private Stream stream;

  /**
   * @param open whether the newest stream has reached the service and has not ended
   * @param heard whether the service has said something on it, which a stream that it refuses never
   *     gets to
   * @param since ticker nanoseconds
   * @param end how the newest stream ended; null when it has not
   */
  record Stream(boolean open, boolean heard, long since, @Nullable Status end) {
    private static Stream none(long since, @Nullable Status end) {
      return new Stream(false, false, since, end);
    }
  }

  CallWatch(Ticker ticker) {
    this.ticker = ticker;
    stream = Stream.none(ticker.nanos(), null);
  }

  synchronized Stream stream() {
    return stream;
  }

  /** Whether there is a stream that the service does not mean to refuse. */
  boolean isAccepted() {
    Stream now = stream();
    return now.open() && (now.heard() || ticker.nanos() - now.since() >= REFUSAL.toNanos());
  }

  /** Whether there has been no open stream for so long. */
  boolean isDown(Duration atLeast) {
    Stream now = stream();
    return !now.open() && ticker.nanos() - now.since() >= atLeast.toNanos();
  }

  /** Counts what may have cost us leases: streams that ended and calls that failed. */
  long breaks() {
    return breaks.get();
  }

  long failedAckCalls() {
    return failedAckCalls.get();
  }

  long ackFailuresInARow() {
    return ackFailuresInARow.get();
  }

  /** Forgets the streams so far. */
  synchronized void reset() {
    newest++;
    stream = Stream.none(ticker.nanos(), null);
  }

  @Override
  public <Q, A> ClientCall<Q, A> interceptCall(
      MethodDescriptor<Q, A> method, CallOptions options, Channel next) {
    boolean isStream = STREAM.equals(method.getBareMethodName());
    return new SimpleForwardingClientCall<>(next.newCall(method, options)) {
      @Override
      public void start(Listener<A> listener, Metadata headers) {
        super.start(isStream ? ofStream(listener) : ofAck(listener), headers);
      }
    };
  }

  private <A> ClientCall.Listener<A> ofStream(ClientCall.Listener<A> listener) {
    long id = begun();
    return new SimpleForwardingClientCallListener<>(listener) {
      @Override
      public void onReady() {
        opened(id);
        super.onReady();
      }

      @Override
      public void onHeaders(Metadata headers) {
        heard(id);
        super.onHeaders(headers);
      }

      @Override
      public void onClose(Status status, Metadata trailers) {
        ended(id, status);
        super.onClose(status, trailers);
      }
    };
  }

  private <A> ClientCall.Listener<A> ofAck(ClientCall.Listener<A> listener) {
    return new SimpleForwardingClientCallListener<>(listener) {
      @Override
      public void onClose(Status status, Metadata trailers) {
        acked(status);
        super.onClose(status, trailers);
      }
    };
  }

  private synchronized long begun() {
    newest++;
    return newest;
  }

  private synchronized void opened(long id) {
    if (id == newest && !stream.open()) {
      stream = new Stream(true, false, ticker.nanos(), null);
    }
  }

  private synchronized void heard(long id) {
    if (id == newest) {
      long since = stream.open() ? stream.since() : ticker.nanos();
      stream = new Stream(true, true, since, null);
    }
  }

  private synchronized void ended(long id, Status status) {
    breaks.incrementAndGet();
    if (id != newest) {
      return;
    }
    long since = stream.open() ? ticker.nanos() : stream.since();
    stream = Stream.none(since, status);
  }

  private void acked(Status status) {
    if (status.isOk()) {
      ackFailuresInARow.set(0);
    } else {
      breaks.incrementAndGet();
      failedAckCalls.incrementAndGet();
      ackFailuresInARow.incrementAndGet();
    }
  }
}
