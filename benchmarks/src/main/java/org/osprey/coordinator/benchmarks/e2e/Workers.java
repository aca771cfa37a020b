package org.osprey.coordinator.benchmarks.e2e;

import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientResponseObserver;
import java.time.Duration;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;
import org.osprey.coordinator.proto.bidirectional_stream.v1.Ack;
import org.osprey.coordinator.proto.bidirectional_stream.v1.AckOrNack;
import org.osprey.coordinator.proto.bidirectional_stream.v1.ActionRequest;
import org.osprey.coordinator.proto.bidirectional_stream.v1.ClientDetails;
import org.osprey.coordinator.proto.bidirectional_stream.v1.OspreyCoordinatorAction;
import org.osprey.coordinator.proto.bidirectional_stream.v1.OspreyCoordinatorServiceGrpc;
import org.osprey.coordinator.proto.bidirectional_stream.v1.Request;
import org.osprey.coordinator.proto.common.v1.Verdicts;

/** Streams that ack every action after a fixed time, and are opened anew when they end. */
final class Workers implements AutoCloseable {
  private static final Request INITIAL =
      request(ActionRequest.newBuilder().setInitial(ClientDetails.newBuilder().setId("e2e")));

  private final Channels channels;
  private final long holdNanos;
  private final ScheduledExecutorService timer = new ScheduledThreadPoolExecutor(1);
  private final LongAdder handled = new LongAdder();
  private final AtomicInteger ended = new AtomicInteger();
  private volatile boolean closed;

  private Workers(Channels channels, Duration hold) {
    this.channels = channels;
    holdNanos = hold.toNanos();
  }

  /**
   * @param hold how long an action takes; zero acks on the connection's thread
   */
  static Workers connect(
      CoordinatorChild coordinator, int streams, int connections, Duration hold) {
    Workers workers = new Workers(new Channels(coordinator.workerTarget(), connections), hold);
    for (int i = 0; i < streams; i++) {
      workers.new Stream(i).open();
    }
    return workers;
  }

  /** Actions so far. */
  long handled() {
    return handled.sum();
  }

  /** Streams so far that ended before they were closed. */
  int ended() {
    return ended.get();
  }

  @Override
  public void close() {
    closed = true;
    timer.shutdownNow();
    channels.close();
  }

  private static Request request(ActionRequest.Builder request) {
    return Request.newBuilder().setActionRequest(request).build();
  }

  private static Request ack(OspreyCoordinatorAction action) {
    Verdicts verdicts =
        Verdicts.newBuilder()
            .setActionId(action.getActionId())
            .setActionName(action.getActionName())
            .addVerdicts("ok")
            .build();
    return request(
        ActionRequest.newBuilder()
            .setAckOrNack(
                AckOrNack.newBuilder()
                    .setAckId(action.getAckId())
                    .setAck(Ack.newBuilder().setVerdicts(verdicts))));
  }

  /** Has one action out at a time, so nothing is written by two threads at once. */
  private final class Stream implements ClientResponseObserver<Request, OspreyCoordinatorAction> {
    private final int number;
    private @Nullable ClientCallStreamObserver<Request> requests;

    Stream(int number) {
      this.number = number;
    }

    void open() {
      OspreyCoordinatorServiceGrpc.newStub(channels.get(number))
          .ospreyBidirectionalStream(this)
          .onNext(INITIAL);
    }

    @Override
    public void beforeStart(ClientCallStreamObserver<Request> stream) {
      requests = stream;
    }

    @Override
    public void onNext(OspreyCoordinatorAction action) {
      if (holdNanos == 0) {
        answer(action);
      } else if (!closed) {
        var unused = timer.schedule(() -> answer(action), holdNanos, TimeUnit.NANOSECONDS);
      }
    }

    private void answer(OspreyCoordinatorAction action) {
      if (requests != null) {
        requests.onNext(ack(action));
        handled.increment();
      }
    }

    @Override
    public void onError(Throwable failure) {
      reopen();
    }

    @Override
    public void onCompleted() {
      reopen();
    }

    private void reopen() {
      if (!closed) {
        ended.incrementAndGet();
        var unused = timer.schedule(() -> new Stream(number).open(), 100, TimeUnit.MILLISECONDS);
      }
    }
  }
}
