package org.osprey.coordinator.rpc;

import com.google.protobuf.Any;
import com.google.rpc.Code;
import com.google.rpc.RetryInfo;
import io.grpc.Context;
import io.grpc.Deadline;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.StatusProto;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.osprey.coordinator.codec.UndecodableException;
import org.osprey.coordinator.core.Action;
import org.osprey.coordinator.core.Delivery;
import org.osprey.coordinator.core.Lane;
import org.osprey.coordinator.core.Outcome;
import org.osprey.coordinator.core.Trace;
import org.osprey.coordinator.core.Tracer;
import org.osprey.coordinator.security.Identity;
import org.osprey.coordinator.security.RefusedException;

/**
 * One caller that waits. gRPC calls the listener methods on the connection's event loop; the
 * outcome, which closes the call, comes once and on any thread.
 */
final class SyncCall extends ServerCall.Listener<byte[]> implements Delivery.Handle {
  private static final String SOURCE = "grpc";

  private static final com.google.protobuf.Duration RETRY_DELAY =
      com.google.protobuf.Duration.newBuilder().setNanos(100_000_000).build();

  private final ServerCall<byte[], byte[]> call;
  private final SyncService service;
  private final @Nullable Identity caller = Gate.caller();

  /** Null once it was looked at: a call that waits must not keep what its caller sent. */
  private @Nullable Metadata headers;

  /** Null once it was read: a call that waits must not keep it beside its action. */
  private byte @Nullable [] request;

  private @Nullable Delivery delivery;

  /** Closed before its message was whole. */
  private boolean refused;

  SyncCall(ServerCall<byte[], byte[]> call, Metadata headers, SyncService service) {
    this.call = call;
    this.headers = headers;
    this.service = service;
    Receiving.otherwise(this::refuse);
  }

  /** Once at most: gRPC cancels a call that has a second one. */
  @Override
  public void onMessage(byte[] message) {
    request = message;
  }

  @Override
  public void onHalfClose() {
    if (refused) {
      return;
    }
    byte[] message = request;
    request = null;
    if (message == null) {
      refuseUnreadable(Status.INVALID_ARGUMENT, "request: is missing");
      return;
    }
    try {
      Action action = SyncRequest.read(message, service.ids);
      if (caller != null) {
        service.access.send(caller, action.name(), action.payload().length);
      }
      offer(action);
    } catch (UndecodableException e) {
      refuseUnreadable(service.badInput, String.valueOf(e.getMessage()));
    } catch (RefusedException e) {
      refuse(e);
    }
  }

  @Override
  public void onCancel() {
    if (delivery != null) {
      service.dispatcher.cancel(delivery);
    }
  }

  @Override
  public void finished(Outcome outcome) {
    switch (outcome) {
      case Outcome.Acked acked -> respond(acked.verdicts());
      case Outcome.Nacked nacked -> close(Status.ABORTED.withDescription("action nacked"));
      case Outcome.Expired expired ->
          close(Status.DEADLINE_EXCEEDED.withDescription("no worker answered in time"));
      case Outcome.Rejected rejected -> close(draining());
      case Outcome.DeadLettered letter ->
          close(Status.ABORTED.withDescription("given up, too many workers died with it"));
    }
  }

  private void offer(Action action) {
    delivery = Delivery.sync(action, SOURCE, deadline(), this, trace(action));
    switch (service.dispatcher.offer(delivery)) {
      case ACCEPTED -> {}
      case FULL -> refuseForNow("the queue is full");
      case DRAINING -> close(draining());
    }
  }

  private @Nullable Trace trace(Action action) {
    Tracer tracer = service.dispatcher.tracer();
    Metadata sent = headers;
    headers = null;
    return tracer == null || sent == null
        ? null
        : tracer.begin(
            action, Lane.SYNC, SOURCE, service.ticker.nanos(), name -> header(sent, name));
  }

  private static @Nullable String header(Metadata sent, String name) {
    return sent.get(Metadata.Key.of(name, Metadata.ASCII_STRING_MARSHALLER));
  }

  private long deadline() {
    Deadline deadline = Context.current().getDeadline();
    long left =
        deadline == null ? service.maxWaitNanos : deadline.timeRemaining(TimeUnit.NANOSECONDS);
    return service.ticker.nanos() + left;
  }

  private void respond(byte @Nullable [] verdicts) {
    call.sendHeaders(new Metadata());
    call.sendMessage(Messages.response(verdicts));
    close(Status.OK);
  }

  private void close(Status status) {
    call.close(status, new Metadata());
  }

  private void refuseUnreadable(Status code, String problem) {
    service.unreadable.increment();
    close(code.withDescription(problem));
  }

  private void refuse(Status status) {
    refused = true;
    close(status);
  }

  private void refuse(RefusedException why) {
    if (why.reason() == RefusedException.Reason.RATE) {
      refuseForNow(String.valueOf(why.getMessage()));
    } else {
      close(Gate.status(why));
    }
  }

  /** Tells callers when to try again. */
  private void refuseForNow(String problem) {
    StatusRuntimeException full =
        StatusProto.toStatusRuntimeException(
            com.google.rpc.Status.newBuilder()
                .setCode(Code.RESOURCE_EXHAUSTED_VALUE)
                .setMessage(problem)
                .addDetails(Any.pack(RetryInfo.newBuilder().setRetryDelay(RETRY_DELAY).build()))
                .build());
    Metadata trailers = full.getTrailers();
    call.close(full.getStatus(), trailers == null ? new Metadata() : trailers);
  }

  private static Status draining() {
    return Status.UNAVAILABLE.withDescription("the coordinator is shutting down");
  }
}
