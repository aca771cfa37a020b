package org.osprey.coordinator.benchmarks.e2e;

import com.google.protobuf.Timestamp;
import com.google.protobuf.UInt64Value;
import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.osprey.coordinator.proto.sync_action.v1.OspreyCoordinatorSyncActionServiceGrpc;
import org.osprey.coordinator.proto.sync_action.v1.ProcessActionRequest;
import org.osprey.coordinator.proto.sync_action.v1.ProcessActionResponse;

/** Sync calls with 200 bytes each, on a few connections; one kind of load at a time. */
final class Calls implements AutoCloseable {
  /** Calls beyond it are not made: whatever they wait for, it is not the coordinator's speed. */
  private static final long MOST_OUT = 20_000;

  private static final int CONNECTIONS = 2;
  private static final Duration DEADLINE = Duration.ofSeconds(20);
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final String DATA =
      "{\"user_id\":\"user_123\",\"text\":\"%s\"}".formatted("x".repeat(164));

  private final CoordinatorChild coordinator;
  private final Channels channels;
  private final AtomicLong ids = new AtomicLong();
  private final AtomicLong outstanding = new AtomicLong();
  private volatile CallResults results = new CallResults();
  private volatile boolean stopped;

  Calls(CoordinatorChild coordinator) {
    this.coordinator = coordinator;
    channels = new Channels(coordinator.syncTarget(), CONNECTIONS);
  }

  /** Callers that each call again as soon as they are answered, for a while before it counts. */
  CallResults closedLoop(int callers, Duration warmUp, Duration length)
      throws IOException, InterruptedException {
    begin();
    for (int i = 0; i < callers; i++) {
      call(true);
    }
    Thread.sleep(warmUp);
    return measure(() -> Thread.sleep(length));
  }

  /** So many calls a second, whatever becomes of them, for a while before it counts. */
  CallResults openLoop(double perSecond, Duration warmUp, Duration length)
      throws IOException, InterruptedException {
    begin();
    pace(perSecond, warmUp);
    return measure(() -> pace(perSecond, length));
  }

  @Override
  public void close() {
    stopped = true;
    channels.close();
  }

  private void begin() {
    stopped = false;
    results = new CallResults();
  }

  private interface Load {
    void run() throws InterruptedException;
  }

  private CallResults measure(Load load) throws IOException, InterruptedException {
    CallResults measured = new CallResults();
    double cpuMillis = coordinator.jvm().cpuMillis();
    long start = System.nanoTime();
    results = measured;
    load.run();
    results = new CallResults();
    measured.lasted((System.nanoTime() - start) / 1e9, coordinator.jvm().cpuMillis() - cpuMillis);
    stopped = true;
    awaitAnswers();
    return measured;
  }

  private void awaitAnswers() throws InterruptedException {
    long start = System.nanoTime();
    while (outstanding.get() > 0) {
      if (System.nanoTime() - start > PATIENCE.toNanos()) {
        throw new IllegalStateException(outstanding + " calls are never answered");
      }
      Thread.sleep(1);
    }
  }

  /** Catches up after each pause of the machine, so that as many calls are made as was said. */
  private void pace(double perSecond, Duration length) {
    long start = System.nanoTime();
    long made = 0;
    for (long now = 0; now < length.toNanos(); now = System.nanoTime() - start) {
      for (long due = (long) (now * perSecond / 1e9); made < due; made++) {
        if (outstanding.get() < MOST_OUT) {
          call(false);
        } else {
          results.addError();
        }
      }
      LockSupport.parkNanos(200_000);
    }
  }

  private void call(boolean again) {
    long id = ids.incrementAndGet();
    outstanding.incrementAndGet();
    ProcessActionRequest request =
        ProcessActionRequest.newBuilder()
            .setActionId(UInt64Value.of(id))
            .setActionName("user_login")
            .setActionDataJson(DATA)
            .setTimestamp(Timestamp.newBuilder().setSeconds(1_732_530_600))
            .build();
    OspreyCoordinatorSyncActionServiceGrpc.newStub(channels.get(id))
        .withDeadlineAfter(DEADLINE.toMillis(), TimeUnit.MILLISECONDS)
        .processAction(request, new Answer(id, again));
  }

  private final class Answer implements StreamObserver<ProcessActionResponse> {
    private final long id;
    private final boolean again;
    private final long start = System.nanoTime();
    private boolean right;

    Answer(long id, boolean again) {
      this.id = id;
      this.again = again;
    }

    @Override
    public void onNext(ProcessActionResponse response) {
      right = response.getVerdicts().getActionId() == id;
    }

    @Override
    public void onCompleted() {
      if (right) {
        results.good().add(System.nanoTime() - start);
      } else {
        results.addError();
      }
      finished();
    }

    @Override
    public void onError(Throwable failure) {
      if (Status.fromThrowable(failure).getCode() == Status.Code.RESOURCE_EXHAUSTED) {
        results.refused().add(System.nanoTime() - start);
      } else {
        results.addError();
      }
      finished();
    }

    /** The next call first: there is never a moment without one before the last has ended. */
    private void finished() {
      if (again && !stopped) {
        call(true);
      }
      outstanding.decrementAndGet();
    }
  }
}
