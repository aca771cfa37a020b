package org.osprey.coordinator.rpc;

import com.google.errorprone.annotations.ThreadSafe;
import io.grpc.Context;
import io.grpc.ForwardingServerCall.SimpleForwardingServerCall;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.ServerStreamTracer;
import io.grpc.Status;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;
import org.osprey.coordinator.core.Figures;
import org.osprey.coordinator.core.Measured;

/**
 * Bounds what the messages of a port take that are not whole yet. The lanes count whole actions
 * only, and flow control holds back nobody who opens another stream. Whoever goes beyond is
 * refused; the others go on.
 */
@ThreadSafe
final class Receiving extends ServerStreamTracer.Factory implements ServerInterceptor, Measured {
  private static final Context.Key<Tracer> TRACER = Context.key("receiving");

  private static final Status TOO_MUCH =
      Status.RESOURCE_EXHAUSTED.withDescription(
          "the messages that are being received take too much room");

  private final String port;
  private final long most;
  private final AtomicLong bytes = new AtomicLong();
  private final LongAdder refused = new LongAdder();

  Receiving(String port, long most) {
    this.port = port;
    this.most = most;
  }

  /**
   * @param refuse ends the call of the current context; called once at most, on its event loop,
   *     while no message of it is being handled
   */
  static void otherwise(Refusal refuse) {
    Tracer tracer = TRACER.get();
    if (tracer != null) {
      tracer.refuse = refuse;
    }
  }

  /** Ends a call with a status. */
  @FunctionalInterface
  interface Refusal {
    void with(Status status);
  }

  @Override
  public ServerStreamTracer newServerStreamTracer(String method, Metadata headers) {
    return new Tracer();
  }

  /** For calls that do not say by themselves how they are refused. */
  @Override
  public <Q, A> ServerCall.Listener<Q> interceptCall(
      ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
    Guarded<Q, A> guarded = new Guarded<>(call);
    otherwise(guarded::refuse);
    return next.startCall(guarded, headers);
  }

  @Override
  public void tell(Figures figures) {
    figures.gauge(
        "receiving_bytes",
        "What messages take that are not whole yet, by gRPC port.",
        bytes.get(),
        "port",
        port);
    figures.counter(
        "receiving_refused",
        "Calls and streams that were refused because such messages took too much.",
        refused.sum(),
        "port",
        port);
  }

  /** Of one stream. For its event loop only. */
  private final class Tracer extends ServerStreamTracer {
    private long own;
    private @Nullable Refusal refuse;

    @Override
    public Context filterContext(Context context) {
      return context.withValue(TRACER, this);
    }

    /** A part of a message has come. */
    @Override
    public void inboundWireSize(long part) {
      own += part;
      Refusal refusal = refuse;
      if (bytes.addAndGet(part) > most && refusal != null) {
        refuse = null;
        refused.increment();
        refusal.with(TOO_MUCH);
      }
    }

    /** The message is whole. */
    @Override
    public void inboundMessageRead(int number, long wireSize, long size) {
      settle();
    }

    @Override
    public void streamClosed(Status status) {
      settle();
    }

    private void settle() {
      bytes.addAndGet(-own);
      own = 0;
    }
  }

  /** Says nothing more once it is refused. */
  private static final class Guarded<Q, A> extends SimpleForwardingServerCall<Q, A> {
    private volatile boolean refused;

    private Guarded(ServerCall<Q, A> call) {
      super(call);
    }

    private void refuse(Status status) {
      refused = true;
      super.close(status, new Metadata());
    }

    @Override
    public void sendHeaders(Metadata headers) {
      if (!refused) {
        super.sendHeaders(headers);
      }
    }

    @Override
    public void sendMessage(A message) {
      if (!refused) {
        super.sendMessage(message);
      }
    }

    @Override
    public void close(Status status, Metadata trailers) {
      if (!refused) {
        super.close(status, trailers);
      }
    }
  }
}
