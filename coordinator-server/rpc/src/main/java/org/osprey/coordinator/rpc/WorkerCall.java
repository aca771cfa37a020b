package org.osprey.coordinator.rpc;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import com.google.protobuf.InvalidProtocolBufferException;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.Status;
import org.jspecify.annotations.Nullable;
import org.osprey.coordinator.core.ActionNames;
import org.osprey.coordinator.core.Dispatcher;
import org.osprey.coordinator.core.Lease;
import org.osprey.coordinator.core.Target;
import org.osprey.coordinator.core.WorkerStream;
import org.osprey.coordinator.rpc.Disconnects.Cause;
import org.osprey.coordinator.security.Visit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One worker's stream. gRPC calls the listener methods on the connection's event loop; the
 * dispatcher calls the target methods on any thread, so writing takes the lock.
 */
final class WorkerCall extends ServerCall.Listener<byte[]> implements Target {
  private static final Logger log = LoggerFactory.getLogger(WorkerCall.class);

  private final Dispatcher dispatcher;
  private final ActionNames names;
  private final int credits;
  private final Disconnects disconnects;
  private final @Nullable Visit visit;
  private final String peer;
  private final StreamEnds.Tracer streamEnd = StreamEnds.current();

  /** Guards writes. Never taken while the dispatcher's lock is held. */
  private final Object lock = new Object();

  @GuardedBy("lock")
  private final ServerCall<byte[], byte[]> call;

  @GuardedBy("lock")
  private boolean ended;

  /** Why it ends, as far as somebody said so. */
  private volatile @Nullable Cause cause;

  /** Null until the worker has introduced itself; for the event loop only. */
  private @Nullable WorkerStream stream;

  /**
   * @param visit null when nobody is asked who he is
   */
  WorkerCall(
      ServerCall<byte[], byte[]> call,
      Dispatcher dispatcher,
      ActionNames names,
      int credits,
      Disconnects disconnects,
      @Nullable Visit visit) {
    this.call = call;
    this.visit = visit;
    this.disconnects = disconnects;
    peer = Peers.address(call);
    this.dispatcher = dispatcher;
    this.names = names;
    this.credits = credits;
    Receiving.otherwise(this::refuse);
  }

  @Override
  public String peer() {
    return peer;
  }

  @Override
  public void onMessage(byte[] message) {
    synchronized (lock) {
      if (ended) {
        return;
      }
      call.request(1);
    }
    if (isOver()) {
      sendAway(stream);
      return;
    }
    try {
      switch (WorkerMessage.read(message)) {
        case WorkerMessage.Initial initial -> open(initial);
        case WorkerMessage.Answer answer -> answer(answer);
        case WorkerMessage.Leaving leaving -> leave(leaving);
      }
    } catch (InvalidProtocolBufferException e) {
      refuse(Status.INVALID_ARGUMENT, "malformed Request: " + e.getMessage());
    }
  }

  private void open(WorkerMessage.Initial initial) {
    if (stream != null) {
      refuse(Status.FAILED_PRECONDITION, "initial: this stream has had one");
      return;
    }
    stream = dispatcher.connect(initial.clientId(), names, credits, this);
  }

  private void answer(WorkerMessage.Answer answer) {
    if (stream == null) {
      refuse(Status.FAILED_PRECONDITION, "ack_or_nack: a stream begins with initial");
    } else if (answer.acked() == null) {
      dispatcher.nack(stream, answer.ackId());
    } else {
      dispatcher.ack(stream, answer.ackId(), answer.acked());
    }
  }

  private void leave(WorkerMessage.Leaving leaving) {
    if (stream == null || leaving.answer() == null) {
      leave();
      return;
    }
    // Taken out of the line first, or the answer would bring the next action.
    dispatcher.retire(stream);
    answer(leaving.answer());
  }

  @Override
  public void onHalfClose() {
    leave();
  }

  /** The worker gave up on the stream, as asyncio ones do on SIGTERM, or the connection broke. */
  @Override
  public void onCancel() {
    endsBecauseOf(streamEnd.cause());
    if (streamEnd.cancelledByClient()) {
      leave();
    } else {
      lose();
    }
    countEnd();
  }

  @Override
  public void onComplete() {
    lose();
    countEnd();
  }

  @Override
  public void onReady() {
    if (stream != null) {
      dispatcher.setWritable(stream, true);
    }
  }

  @Override
  public void lease(Lease lease) {
    if (isOver()) {
      sendAway(lease.stream());
      return;
    }
    byte[] message = Messages.action(lease);
    boolean full;
    synchronized (lock) {
      if (ended) {
        return;
      }
      call.sendMessage(message);
      full = !call.isReady();
    }
    if (full) {
      dispatcher.setWritable(lease.stream(), false);
    }
  }

  @Override
  public void end() {
    endsBecauseOf(Cause.GRACEFUL);
    end(Status.OK);
  }

  private boolean isOver() {
    return visit != null && visit.isOver();
  }

  /** What it had goes to others, and is not to blame. */
  private void sendAway(@Nullable WorkerStream one) {
    endsBecauseOf(Cause.REFUSED);
    if (one != null) {
      dispatcher.leave(one);
    }
    end(Status.UNAUTHENTICATED.withDescription("the token is not good any more"));
  }

  private void refuse(Status code, String problem) {
    log.warn("worker broke the protocol: client_id={} problem=\"{}\"", clientId(), problem);
    refuse(code.withDescription(problem));
  }

  private void refuse(Status status) {
    endsBecauseOf(Cause.STREAM_ERROR);
    lose();
    end(status);
  }

  private void end(Status status) {
    synchronized (lock) {
      if (!ended) {
        ended = true;
        call.close(status, new Metadata());
      }
    }
  }

  private void leave() {
    endsBecauseOf(Cause.GRACEFUL);
    if (stream != null) {
      dispatcher.leave(stream);
    }
    end(Status.OK);
  }

  private void lose() {
    if (stream != null) {
      dispatcher.lose(stream);
    }
  }

  /** The first to know is right: what follows is how the stream is taken down. */
  private void endsBecauseOf(Cause why) {
    if (cause == null) {
      cause = why;
    }
  }

  /** gRPC says once that a call is over. */
  private void countEnd() {
    Cause why = cause;
    if (stream != null) {
      disconnects.count(why == null ? Cause.GRACEFUL : why);
    }
  }

  private String clientId() {
    return stream == null ? "?" : stream.clientId();
  }
}
