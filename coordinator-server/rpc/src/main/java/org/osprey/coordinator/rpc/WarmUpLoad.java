package org.osprey.coordinator.rpc;

import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static java.util.concurrent.TimeUnit.NANOSECONDS;

import com.google.protobuf.Timestamp;
import com.google.protobuf.UInt64Value;
import io.grpc.ManagedChannel;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.StreamObserver;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.osprey.coordinator.proto.bidirectional_stream.v1.Ack;
import org.osprey.coordinator.proto.bidirectional_stream.v1.AckOrNack;
import org.osprey.coordinator.proto.bidirectional_stream.v1.ActionRequest;
import org.osprey.coordinator.proto.bidirectional_stream.v1.ClientDetails;
import org.osprey.coordinator.proto.bidirectional_stream.v1.OspreyCoordinatorAction;
import org.osprey.coordinator.proto.bidirectional_stream.v1.OspreyCoordinatorServiceGrpc;
import org.osprey.coordinator.proto.bidirectional_stream.v1.Request;
import org.osprey.coordinator.proto.common.v1.Verdicts;
import org.osprey.coordinator.proto.sync_action.v1.OspreyCoordinatorSyncActionServiceGrpc;
import org.osprey.coordinator.proto.sync_action.v1.ProcessActionRequest;
import org.osprey.coordinator.proto.sync_action.v1.ProcessActionResponse;

/** Workers on one connection and callers on another, all on one thread. */
final class WarmUpLoad implements AutoCloseable {
  /** Many, so that each turn of a loop has much to do even where others want the processor too. */
  private static final int STREAMS = 64;

  private static final int CALLERS = 64;

  /** How soon a stop is noticed. */
  private static final long GLANCE_MS = 50;

  private static final long CLOSE_MS = 1_000;

  private static final ProcessActionRequest CALL =
      ProcessActionRequest.newBuilder()
          .setActionId(UInt64Value.of(1))
          .setActionName("warm_up")
          .setActionDataJson("{\"user_id\":\"1234567890\",\"text\":\"warm-up\",\"n\":[1,2.5,true]}")
          .setTimestamp(Timestamp.newBuilder().setSeconds(1))
          .build();

  private final EventLoopGroup loop =
      new MultiThreadIoEventLoopGroup(
          1, new DefaultThreadFactory("warm-up", true), NioIoHandler.newFactory());
  private final ManagedChannel workers;
  private final ManagedChannel callers;
  private final AtomicLong answered = new AtomicLong();
  private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
  private final CountDownLatch calling = new CountDownLatch(CALLERS);
  private volatile boolean over;

  WarmUpLoad(int workerPort, int syncPort) {
    workers = channel(workerPort);
    callers = channel(syncPort);
  }

  void start() {
    for (int i = 0; i < STREAMS; i++) {
      new Worker().connect();
    }
    for (int i = 0; i < CALLERS; i++) {
      new Caller().call();
    }
  }

  /**
   * Returns sooner when {@code stopped}, or when no caller is left.
   *
   * @throws IllegalStateException when no call was answered at all
   */
  void await(Duration time, BooleanSupplier stopped) throws InterruptedException {
    long end = System.nanoTime() + time.toNanos();
    boolean failed = false;
    while (!failed && !stopped.getAsBoolean() && end - System.nanoTime() > 0) {
      long left = NANOSECONDS.toMillis(end - System.nanoTime()) + 1;
      failed = calling.await(Math.min(left, GLANCE_MS), MILLISECONDS);
    }
    if (failed && answered.get() == 0) {
      throw new IllegalStateException("no call was answered", failure.get());
    }
  }

  /** Lets the calls that are out come back. */
  void stop(Duration atMost) throws InterruptedException {
    over = true;
    calling.await(atMost.toMillis(), MILLISECONDS);
  }

  long answered() {
    return answered.get();
  }

  @Override
  public void close() {
    over = true;
    callers.shutdownNow();
    workers.shutdownNow();
    loop.shutdownGracefully(0, CLOSE_MS, MILLISECONDS).awaitUninterruptibly(CLOSE_MS);
  }

  private ManagedChannel channel(int port) {
    return NettyChannelBuilder.forAddress(
            new InetSocketAddress(InetAddress.getLoopbackAddress(), port))
        .usePlaintext()
        .eventLoopGroup(loop)
        .channelType(NioSocketChannel.class)
        .directExecutor()
        .build();
  }

  /** Sends the next call when the one before is answered. */
  private final class Caller implements StreamObserver<ProcessActionResponse> {
    private final OspreyCoordinatorSyncActionServiceGrpc.OspreyCoordinatorSyncActionServiceStub
        stub = OspreyCoordinatorSyncActionServiceGrpc.newStub(callers);

    void call() {
      stub.processAction(CALL, this);
    }

    @Override
    public void onNext(ProcessActionResponse response) {
      answered.incrementAndGet();
    }

    @Override
    public void onError(Throwable problem) {
      failure.set(problem);
      calling.countDown();
    }

    @Override
    public void onCompleted() {
      if (over) {
        calling.countDown();
      } else {
        call();
      }
    }
  }

  /** Acks whatever it gets. */
  private final class Worker implements StreamObserver<OspreyCoordinatorAction> {
    private @Nullable StreamObserver<Request> requests;

    void connect() {
      StreamObserver<Request> opened =
          OspreyCoordinatorServiceGrpc.newStub(workers).ospreyBidirectionalStream(this);
      requests = opened;
      opened.onNext(
          request(
              ActionRequest.newBuilder().setInitial(ClientDetails.newBuilder().setId("warm-up"))));
    }

    @Override
    public void onNext(OspreyCoordinatorAction action) {
      if (requests != null) {
        requests.onNext(request(ActionRequest.newBuilder().setAckOrNack(ack(action))));
      }
    }

    /** Its callers get no answers then, which says enough. */
    @Override
    public void onError(Throwable problem) {}

    @Override
    public void onCompleted() {}

    private static AckOrNack ack(OspreyCoordinatorAction action) {
      Verdicts verdicts =
          Verdicts.newBuilder()
              .setActionId(action.getActionId())
              .setActionName(action.getActionName())
              .addVerdicts("seen")
              .setTimestamp(action.getTimestamp())
              .build();
      return AckOrNack.newBuilder()
          .setAckId(action.getAckId())
          .setAck(Ack.newBuilder().setVerdicts(verdicts))
          .build();
    }

    private static Request request(ActionRequest.Builder content) {
      return Request.newBuilder().setActionRequest(content).build();
    }
  }
}
