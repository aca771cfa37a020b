package org.osprey.coordinator.rpc;

import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerServiceDefinition;
import io.grpc.ServiceDescriptor;
import io.grpc.Status;
import java.util.concurrent.atomic.LongAdder;
import org.osprey.coordinator.core.Dispatcher;
import org.osprey.coordinator.core.Figures;
import org.osprey.coordinator.core.IdGenerator;
import org.osprey.coordinator.core.Measured;
import org.osprey.coordinator.core.Ticker;
import org.osprey.coordinator.proto.sync_action.v1.OspreyCoordinatorSyncActionServiceGrpc;
import org.osprey.coordinator.security.Access;

/** Calls that wait for their verdicts. */
final class SyncService implements ServerCallHandler<byte[], byte[]>, Measured {
  final Dispatcher dispatcher;
  final IdGenerator ids;
  final Ticker ticker;
  final long maxWaitNanos;
  final Status badInput;
  final Access access;

  /** Calls that are refused before the dispatcher hears of them. */
  final LongAdder unreadable = new LongAdder();

  SyncService(
      Dispatcher dispatcher, IdGenerator ids, Ticker ticker, RpcSettings settings, Access access) {
    this.access = access;
    this.dispatcher = dispatcher;
    this.ids = ids;
    this.ticker = ticker;
    maxWaitNanos = settings.maxWait().toNanos();
    badInput = settings.legacyStatusCodes() ? Status.ABORTED : Status.INVALID_ARGUMENT;
  }

  ServerServiceDefinition definition() {
    ServiceDescriptor generated = OspreyCoordinatorSyncActionServiceGrpc.getServiceDescriptor();
    MethodDescriptor<byte[], byte[]> method =
        OspreyCoordinatorSyncActionServiceGrpc.getProcessActionMethod().toBuilder(
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
  public void tell(Figures figures) {
    long count = unreadable.sum();
    figures.counter("sync_received", "Sync actions that came.", count);
    figures.counter(
        "sync_failed", "Sync actions that failed, by why.", count, "cause", "deserialization");
  }

  @Override
  public ServerCall.Listener<byte[]> startCall(ServerCall<byte[], byte[]> call, Metadata headers) {
    call.request(2); // one more than there may be, so that a second one shows
    return new SyncCall(call, headers, this);
  }
}
