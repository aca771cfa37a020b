package org.osprey.coordinator.rpc;

import io.grpc.Status;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.util.function.Supplier;
import org.osprey.coordinator.core.Dispatcher;
import org.osprey.coordinator.core.Workload;
import org.osprey.coordinator.proto.externalscaler.ExternalScalerGrpc;
import org.osprey.coordinator.proto.externalscaler.GetMetricSpecResponse;
import org.osprey.coordinator.proto.externalscaler.GetMetricsRequest;
import org.osprey.coordinator.proto.externalscaler.GetMetricsResponse;
import org.osprey.coordinator.proto.externalscaler.IsActiveResponse;
import org.osprey.coordinator.proto.externalscaler.ScaledObjectRef;

/** Tells KEDA how many workers this coordinator could use. Knows nothing of other coordinators. */
final class ScalerService extends ExternalScalerGrpc.ExternalScalerImplBase {
  private final Dispatcher dispatcher;
  private final ActivityWatch watch;

  ScalerService(Dispatcher dispatcher, ActivityWatch watch) {
    this.dispatcher = dispatcher;
    this.watch = watch;
  }

  static boolean isActive(Dispatcher dispatcher) {
    return Workload.of(dispatcher.stats()).active();
  }

  @Override
  public void isActive(ScaledObjectRef object, StreamObserver<IsActiveResponse> caller) {
    answer(caller, () -> IsActiveResponse.newBuilder().setResult(isActive(dispatcher)).build());
  }

  @Override
  public void streamIsActive(ScaledObjectRef object, StreamObserver<IsActiveResponse> caller) {
    watch.add((ServerCallStreamObserver<IsActiveResponse>) caller);
  }

  @Override
  public void getMetricSpec(ScaledObjectRef object, StreamObserver<GetMetricSpecResponse> caller) {
    answer(caller, () -> ScalerTargets.specs(object.getScalerMetadataMap()));
  }

  @Override
  public void getMetrics(GetMetricsRequest request, StreamObserver<GetMetricsResponse> caller) {
    answer(
        caller,
        () ->
            GetMetricsResponse.newBuilder()
                .addMetricValues(
                    ScalerTargets.value(request.getMetricName(), Workload.of(dispatcher.stats())))
                .build());
  }

  private static <T> void answer(StreamObserver<T> caller, Supplier<T> answer) {
    T message;
    try {
      message = answer.get();
    } catch (IllegalArgumentException e) {
      caller.onError(Status.INVALID_ARGUMENT.withDescription(e.getMessage()).asRuntimeException());
      return;
    }
    caller.onNext(message);
    caller.onCompleted();
  }
}
