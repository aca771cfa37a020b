package org.osprey.coordinator.pubsub;

import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.ClientInterceptor;
import io.grpc.ForwardingClientCall.SimpleForwardingClientCall;
import io.grpc.MethodDescriptor;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Ends streams by saying so first. The library only resets them, and a server that learns of that
 * too late leases messages to a stream nobody reads, where they wait for their deadline.
 */
final class OrderlyEnd implements ClientInterceptor {
  private static final long PATIENCE_MILLIS = 500;

  private final ScheduledExecutorService timer;

  OrderlyEnd(ScheduledExecutorService timer) {
    this.timer = timer;
  }

  @Override
  public <Q, A> ClientCall<Q, A> interceptCall(
      MethodDescriptor<Q, A> method, CallOptions options, Channel next) {
    ClientCall<Q, A> call = next.newCall(method, options);
    return method.getType() == MethodDescriptor.MethodType.BIDI_STREAMING ? orderly(call) : call;
  }

  private <Q, A> ClientCall<Q, A> orderly(ClientCall<Q, A> call) {
    return new SimpleForwardingClientCall<>(call) {
      @Override
      public void cancel(@Nullable String message, @Nullable Throwable cause) {
        try {
          halfClose();
          Future<?> unused =
              timer.schedule(
                  () -> super.cancel(message, cause), PATIENCE_MILLIS, TimeUnit.MILLISECONDS);
        } catch (IllegalStateException | RejectedExecutionException e) {
          // It has ended already, or we are being closed.
          super.cancel(message, cause);
        }
      }
    };
  }
}
