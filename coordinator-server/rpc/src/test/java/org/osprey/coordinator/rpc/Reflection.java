package org.osprey.coordinator.rpc;

import static java.util.concurrent.TimeUnit.SECONDS;

import io.grpc.Channel;
import io.grpc.stub.StreamObserver;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** Asks a port for its services, in both versions of the reflection protocol. */
final class Reflection {
  private Reflection() {}

  static List<String> services(Channel channel) throws Exception {
    FirstAnswer<io.grpc.reflection.v1.ServerReflectionResponse> answer = new FirstAnswer<>();
    StreamObserver<io.grpc.reflection.v1.ServerReflectionRequest> requests =
        io.grpc.reflection.v1.ServerReflectionGrpc.newStub(channel).serverReflectionInfo(answer);
    requests.onNext(
        io.grpc.reflection.v1.ServerReflectionRequest.newBuilder().setListServices("").build());
    List<String> names =
        answer.get().getListServicesResponse().getServiceList().stream()
            .map(io.grpc.reflection.v1.ServiceResponse::getName)
            .sorted()
            .toList();
    requests.onCompleted();
    return names;
  }

  static List<String> servicesByAlpha(Channel channel) throws Exception {
    FirstAnswer<io.grpc.reflection.v1alpha.ServerReflectionResponse> answer = new FirstAnswer<>();
    StreamObserver<io.grpc.reflection.v1alpha.ServerReflectionRequest> requests =
        io.grpc.reflection.v1alpha.ServerReflectionGrpc.newStub(channel)
            .serverReflectionInfo(answer);
    requests.onNext(
        io.grpc.reflection.v1alpha.ServerReflectionRequest.newBuilder()
            .setListServices("")
            .build());
    List<String> names =
        answer.get().getListServicesResponse().getServiceList().stream()
            .map(io.grpc.reflection.v1alpha.ServiceResponse::getName)
            .sorted()
            .toList();
    requests.onCompleted();
    return names;
  }

  private static final class FirstAnswer<T> implements StreamObserver<T> {
    private final CompletableFuture<T> answer = new CompletableFuture<>();

    private T get() throws Exception {
      return answer.get(60, SECONDS);
    }

    @Override
    public void onNext(T value) {
      answer.complete(value);
    }

    @Override
    public void onError(Throwable failure) {
      answer.completeExceptionally(failure);
    }

    @Override
    public void onCompleted() {}
  }
}
