package org.osprey.coordinator.rpc;

import io.grpc.Context;
import io.grpc.Metadata;
import io.grpc.ServerStreamTracer;
import io.grpc.Status;
import org.jspecify.annotations.Nullable;
import org.osprey.coordinator.rpc.Disconnects.Cause;

/**
 * Remembers for each stream how the transport saw it end, which the call's listener is not told: a
 * client that cancels is alive, a connection that breaks means that the client may not be.
 */
final class StreamEnds extends ServerStreamTracer.Factory {
  private static final Context.Key<Tracer> TRACER = Context.key("stream-end");

  /** The HTTP/2 error code with which a client takes a call back. */
  private static final String CANCEL = "code 8";

  /** Of the call of the current context. */
  static Tracer current() {
    Tracer tracer = TRACER.get();
    return tracer == null ? new Tracer() : tracer;
  }

  @Override
  public ServerStreamTracer newServerStreamTracer(String method, Metadata headers) {
    return new Tracer();
  }

  /** The transport writes it before it tells the listener, on the same thread. */
  static final class Tracer extends ServerStreamTracer {
    private volatile @Nullable Status status;

    @Override
    public Context filterContext(Context context) {
      return context.withValue(TRACER, this);
    }

    @Override
    public void streamClosed(Status status) {
      this.status = status;
    }

    /** Why it ended, if nobody said so before; the transport writes the reason into a text. */
    Cause cause() {
      Status end = status;
      String reason = end == null || end.getDescription() == null ? "" : end.getDescription();
      if (end != null && end.getCode() == Status.Code.CANCELLED) {
        boolean reset = reason.contains("RST_STREAM") && !reason.endsWith(CANCEL);
        return reset ? Cause.STREAM_ERROR : Cause.CANCELLED;
      }
      return reason.contains("Keepalive failed") ? Cause.TIMEOUT : Cause.BROKEN_PIPE;
    }

    boolean cancelledByClient() {
      Status end = status;
      return end != null && end.getCode() == Status.Code.CANCELLED;
    }
  }
}
