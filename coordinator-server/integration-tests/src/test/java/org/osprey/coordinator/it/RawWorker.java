package org.osprey.coordinator.it;

import io.grpc.ClientInterceptors;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientResponseObserver;
import io.grpc.stub.MetadataUtils;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.osprey.coordinator.proto.bidirectional_stream.v1.Ack;
import org.osprey.coordinator.proto.bidirectional_stream.v1.AckOrNack;
import org.osprey.coordinator.proto.bidirectional_stream.v1.ActionRequest;
import org.osprey.coordinator.proto.bidirectional_stream.v1.ClientDetails;
import org.osprey.coordinator.proto.bidirectional_stream.v1.Disconnect;
import org.osprey.coordinator.proto.bidirectional_stream.v1.Nack;
import org.osprey.coordinator.proto.bidirectional_stream.v1.OspreyCoordinatorAction;
import org.osprey.coordinator.proto.bidirectional_stream.v1.OspreyCoordinatorServiceGrpc;
import org.osprey.coordinator.proto.bidirectional_stream.v1.Request;
import org.osprey.coordinator.proto.common.v1.Verdicts;

/** One worker stream, message by message, so that a test can say the wrong thing too. */
final class RawWorker {
  private final ManagedChannel channel;
  private final Metadata metadata = new Metadata();
  private final BlockingQueue<OspreyCoordinatorAction> received = new LinkedBlockingQueue<>();
  private final CompletableFuture<Status> ended = new CompletableFuture<>();
  private @Nullable ClientCallStreamObserver<Request> requests;
  private volatile @Nullable Consumer<OspreyCoordinatorAction> handler;

  private RawWorker(ManagedChannel channel) {
    this.channel = channel;
  }

  /** A stream that says nothing yet. */
  static RawWorker silent(ManagedChannel channel) {
    return new RawWorker(channel).open();
  }

  /** A stream that has introduced itself. */
  static RawWorker connect(ManagedChannel channel) {
    return silent(channel).initial();
  }

  /** A stream with metadata that has introduced itself. */
  static RawWorker connect(ManagedChannel channel, String key, String value) {
    RawWorker worker = new RawWorker(channel);
    worker.metadata.put(Metadata.Key.of(key, Metadata.ASCII_STRING_MARSHALLER), value);
    return worker.open().initial();
  }

  RawWorker initial() {
    send(introduction());
    return this;
  }

  /** What a worker says first. */
  static Request introduction() {
    return Request.newBuilder()
        .setActionRequest(
            ActionRequest.newBuilder().setInitial(ClientDetails.newBuilder().setId("raw-worker")))
        .build();
  }

  /** From now on every action is answered with one verdict, {@code verdict_for_<id>}. */
  RawWorker ackingAll() {
    return handling(this::ack);
  }

  /** From now on actions go to {@code handle}, on the connection's thread. */
  RawWorker handling(Consumer<OspreyCoordinatorAction> handle) {
    handler = handle;
    handleAll(handle);
    return this;
  }

  private void handleAll(Consumer<OspreyCoordinatorAction> handle) {
    OspreyCoordinatorAction waiting = received.poll();
    while (waiting != null) {
      handle.accept(waiting);
      waiting = received.poll();
    }
  }

  OspreyCoordinatorAction take() {
    return take(Duration.ofMinutes(1));
  }

  OspreyCoordinatorAction take(Duration atMost) {
    try {
      OspreyCoordinatorAction action = received.poll(atMost.toMillis(), TimeUnit.MILLISECONDS);
      if (action == null) {
        throw new AssertionError("no action within " + atMost);
      }
      return action;
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  /** How many actions came that nobody took. */
  int pending() {
    return received.size();
  }

  void ack(OspreyCoordinatorAction action) {
    send(answer(ackOf(action)));
  }

  void ack(long ackId) {
    send(answer(AckOrNack.newBuilder().setAckId(ackId).setAck(Ack.newBuilder()).build()));
  }

  void nack(OspreyCoordinatorAction action) {
    send(
        answer(
            AckOrNack.newBuilder().setAckId(action.getAckId()).setNack(Nack.newBuilder()).build()));
  }

  void disconnect(@Nullable OspreyCoordinatorAction acked) {
    Disconnect.Builder disconnect = Disconnect.newBuilder();
    if (acked != null) {
      disconnect.setAckOrNack(ackOf(acked));
    }
    send(Request.newBuilder().setDisconnect(disconnect).build());
  }

  void send(Request request) {
    ClientCallStreamObserver<Request> out = requests;
    if (out == null) {
      throw new AssertionError("not open");
    }
    synchronized (out) {
      out.onNext(request);
    }
  }

  void halfClose() {
    if (requests != null) {
      requests.onCompleted();
    }
  }

  void cancel() {
    if (requests != null) {
      requests.cancel("the test wants it so", null);
    }
  }

  /** Cuts the connection, as the kernel does for a process that is killed. */
  void kill() {
    channel.shutdownNow();
  }

  /** How the stream ended. */
  Status ended() {
    try {
      return ended.get(60, TimeUnit.SECONDS);
    } catch (Exception e) {
      throw new AssertionError("the stream did not end", e);
    }
  }

  boolean hasEnded() {
    return ended.isDone();
  }

  private static AckOrNack ackOf(OspreyCoordinatorAction action) {
    return AckOrNack.newBuilder()
        .setAckId(action.getAckId())
        .setAck(
            Ack.newBuilder()
                .setVerdicts(
                    Verdicts.newBuilder()
                        .setActionId(action.getActionId())
                        .setActionName(action.getActionName())
                        .addVerdicts("verdict_for_" + Long.toUnsignedString(action.getActionId()))))
        .build();
  }

  private static Request answer(AckOrNack answer) {
    return Request.newBuilder()
        .setActionRequest(ActionRequest.newBuilder().setAckOrNack(answer))
        .build();
  }

  private RawWorker open() {
    OspreyCoordinatorServiceGrpc.newStub(
            ClientInterceptors.intercept(
                channel, MetadataUtils.newAttachHeadersInterceptor(metadata)))
        .ospreyBidirectionalStream(new Responses());
    return this;
  }

  private final class Responses
      implements ClientResponseObserver<Request, OspreyCoordinatorAction> {

    @Override
    public void beforeStart(ClientCallStreamObserver<Request> stream) {
      requests = stream;
    }

    @Override
    public void onNext(OspreyCoordinatorAction action) {
      // Added first, so that whoever gives a handler meanwhile finds it, or is found.
      received.add(action);
      Consumer<OspreyCoordinatorAction> handle = handler;
      if (handle != null) {
        handleAll(handle);
      }
    }

    @Override
    public void onError(Throwable failure) {
      ended.complete(Status.fromThrowable(failure));
    }

    @Override
    public void onCompleted() {
      ended.complete(Status.OK);
    }
  }
}
