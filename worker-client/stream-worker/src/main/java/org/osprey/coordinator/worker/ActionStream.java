package org.osprey.coordinator.worker;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.grpc.Status;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientResponseObserver;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.osprey.coordinator.proto.bidirectional_stream.v1.OspreyCoordinatorAction;
import org.osprey.coordinator.proto.bidirectional_stream.v1.Request;

/**
 * One stream to a coordinator, from its opening to its end. Its own lock guards phase and actions
 * in hand, and is held while a message is given to gRPC (which only queues it), so that nothing is
 * sent after the half-close. The listener is called without the lock.
 */
final class ActionStream
    implements ClientResponseObserver<Request, OspreyCoordinatorAction>, ActionRun.Recipient {

  /** In this order, and never back. */
  private enum Phase {
    OPEN,
    LEAVING,
    HALF_CLOSED,
    ENDED
  }

  /** Calls come one after the other: connected, firstAction, ended; each at most once. */
  interface Listener {
    void connected();

    void firstAction();

    void ended(Status status);
  }

  /** What all streams of a worker share. */
  record Environment(ActionHandler handler, Timing timing, Timer timer, Counters counters) {}

  private final Environment environment;
  private final Listener listener;

  /** With the time-out of each. */
  @GuardedBy("this")
  private final Map<ActionRun, Timer.Handle> inHand = new HashMap<>();

  @GuardedBy("this")
  private Phase phase = Phase.OPEN;

  @GuardedBy("this")
  private boolean connected;

  @GuardedBy("this")
  private boolean tookAction;

  @GuardedBy("this")
  private @Nullable ClientCallStreamObserver<Request> call;

  @GuardedBy("this")
  private Timer.@Nullable Handle linger;

  ActionStream(Environment environment, Listener listener) {
    this.environment = environment;
    this.listener = listener;
  }

  @Override
  public synchronized void beforeStart(ClientCallStreamObserver<Request> call) {
    this.call = call;
    call.setOnReadyHandler(this::ready);
  }

  synchronized void introduce(Request first) {
    send(first);
  }

  /** Ends the stream once the actions in hand are answered; at once when there is none. */
  void leave() {
    boolean pointless;
    synchronized (this) {
      pointless = phase == Phase.OPEN && !connected;
      if (phase == Phase.OPEN && connected) {
        phase = Phase.LEAVING;
        if (inHand.isEmpty()) {
          send(Requests.disconnect());
          halfClose();
        }
      }
    }
    if (pointless) {
      cut("never connected");
    }
  }

  /** Ends the stream whatever it is doing. */
  void cut(String reason) {
    ClientCallStreamObserver<Request> cancelled;
    synchronized (this) {
      cancelled = phase == Phase.ENDED ? null : call;
      if (phase != Phase.ENDED) {
        phase = Phase.HALF_CLOSED;
      }
    }
    if (cancelled != null) {
      cancelled.cancel(reason, null);
    }
  }

  @Override
  public void onNext(OspreyCoordinatorAction action) {
    boolean first;
    ActionRun run = new ActionRun(action, environment.handler(), this);
    synchronized (this) {
      if (phase.compareTo(Phase.LEAVING) > 0) {
        // It crossed our Disconnect. The coordinator gives it to another stream when this one ends.
        return;
      }
      first = !tookAction;
      tookAction = true;
      Duration limit = environment.timing().actionTimeout();
      inHand.put(run, environment.timer().after(limit, () -> expire(run, limit)));
    }
    environment.counters().received();
    if (first) {
      listener.firstAction();
    }
    run.start();
  }

  @Override
  public boolean take(ActionRun run, Answer answer) {
    synchronized (this) {
      Timer.Handle timeout = inHand.remove(run);
      if (timeout == null) {
        return false;
      }
      timeout.cancel();
      if (phase.compareTo(Phase.LEAVING) > 0) {
        return false;
      }
      environment.counters().answered(answer);
      sendAnswer(run.message(), answer);
      return true;
    }
  }

  @Override
  public void onError(Throwable failure) {
    end(Status.fromThrowable(failure));
  }

  @Override
  public void onCompleted() {
    end(Status.OK);
  }

  /** Several actions in hand end in as many Disconnects; the first already stops the flow. */
  @GuardedBy("this")
  private void sendAnswer(OspreyCoordinatorAction action, Answer answer) {
    if (phase == Phase.OPEN) {
      send(Requests.answer(action, answer));
      return;
    }
    send(Requests.lastAnswer(action, answer));
    if (inHand.isEmpty()) {
      halfClose();
    }
  }

  @GuardedBy("this")
  private void send(Request request) {
    if (call != null) {
      call.onNext(request);
    }
  }

  @GuardedBy("this")
  private void halfClose() {
    phase = Phase.HALF_CLOSED;
    Duration patience = environment.timing().drainTimeout();
    linger = environment.timer().after(patience, () -> cut("no end after the disconnect"));
    if (call != null) {
      call.onCompleted();
    }
  }

  private void ready() {
    synchronized (this) {
      if (connected) {
        return;
      }
      connected = true;
    }
    listener.connected();
  }

  private void expire(ActionRun run, Duration limit) {
    if (run.expire(limit)) {
      environment.counters().timedOut();
    }
  }

  private void end(Status status) {
    List<ActionRun> abandoned;
    synchronized (this) {
      phase = Phase.ENDED;
      abandoned = List.copyOf(inHand.keySet());
      inHand.values().forEach(Timer.Handle::cancel);
      inHand.clear();
      if (linger != null) {
        linger.cancel();
      }
    }
    abandoned.forEach(ActionRun::abandon);
    listener.ended(status);
  }
}
