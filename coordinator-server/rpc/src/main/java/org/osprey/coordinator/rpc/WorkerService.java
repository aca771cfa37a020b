package org.osprey.coordinator.rpc;

import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerServiceDefinition;
import io.grpc.ServiceDescriptor;
import io.grpc.Status;
import org.osprey.coordinator.core.ActionNames;
import org.osprey.coordinator.core.Dispatcher;
import org.osprey.coordinator.proto.bidirectional_stream.v1.OspreyCoordinatorServiceGrpc;
import org.osprey.coordinator.security.Access;
import org.osprey.coordinator.security.Identity;
import org.osprey.coordinator.security.RefusedException;

/** Workers' streams. */
final class WorkerService implements ServerCallHandler<byte[], byte[]> {
  private static final Metadata.Key<String> MAX_OUTSTANDING =
      Metadata.Key.of("coordinator-max-outstanding", Metadata.ASCII_STRING_MARSHALLER);
  private static final Metadata.Key<String> ACTIONS =
      Metadata.Key.of("coordinator-actions", Metadata.ASCII_STRING_MARSHALLER);

  private final Dispatcher dispatcher;
  private final int maxCredits;
  private final Disconnects disconnects;
  private final Access access;
  private volatile boolean draining;

  WorkerService(Dispatcher dispatcher, int maxCredits, Disconnects disconnects, Access access) {
    this.access = access;
    this.dispatcher = dispatcher;
    this.disconnects = disconnects;
    this.maxCredits = maxCredits;
  }

  /** From now on no new stream is taken: a worker would be sent away at once, and come back. */
  void drain() {
    draining = true;
  }

  ServerServiceDefinition definition() {
    ServiceDescriptor generated = OspreyCoordinatorServiceGrpc.getServiceDescriptor();
    MethodDescriptor<byte[], byte[]> method =
        OspreyCoordinatorServiceGrpc.getOspreyBidirectionalStreamMethod().toBuilder(
                Bytes.MARSHALLER, Bytes.MARSHALLER)
            .build();
    ServiceDescriptor service =
        ServiceDescriptor.newBuilder(generated.getName())
            .setSchemaDescriptor(generated.getSchemaDescriptor())
            .addMethod(method)
            .build();
    return ServerServiceDefinition.builder(service).addMethod(method, this).build();
  }

  @Override
  public ServerCall.Listener<byte[]> startCall(ServerCall<byte[], byte[]> call, Metadata headers) {
    if (draining) {
      return refuse(call, Status.UNAVAILABLE.withDescription("the coordinator is shutting down"));
    }
    try {
      WorkerCall worker =
          new WorkerCall(
              call, dispatcher, allowed(headers), credits(headers), disconnects, Gate.visit());
      call.sendHeaders(new Metadata());
      call.request(1);
      return worker;
    } catch (IllegalArgumentException e) {
      return refuse(call, Status.INVALID_ARGUMENT.withDescription(e.getMessage()));
    } catch (RefusedException e) {
      return refuse(call, Gate.status(e));
    }
  }

  private static ServerCall.Listener<byte[]> refuse(
      ServerCall<byte[], byte[]> call, Status status) {
    call.close(status, new Metadata());
    return new ServerCall.Listener<>() {};
  }

  /** A worker that does not say which actions it takes gets all that it may have. */
  private ActionNames allowed(Metadata headers) throws RefusedException {
    Identity worker = Gate.caller();
    String globs = headers.get(ACTIONS);
    if (globs == null) {
      return worker == null ? ActionNames.ALL : worker.actions();
    }
    ActionNames names = names(globs);
    if (worker != null) {
      access.handle(worker, names);
    }
    return names;
  }

  private static ActionNames names(String globs) {
    try {
      return ActionNames.parse(globs);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(ACTIONS.name() + ": " + e.getMessage(), e);
    }
  }

  private int credits(Metadata headers) {
    String text = headers.get(MAX_OUTSTANDING);
    if (text == null) {
      return 1;
    }
    int credits = text.matches("[0-9]{1,9}") ? Integer.parseInt(text) : 0;
    if (credits < 1 || credits > maxCredits) {
      throw new IllegalArgumentException(
          "%s: want a whole number from 1 to %d, got %s"
              .formatted(MAX_OUTSTANDING.name(), maxCredits, text));
    }
    return credits;
  }
}
