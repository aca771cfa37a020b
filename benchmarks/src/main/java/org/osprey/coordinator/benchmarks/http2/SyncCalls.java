package org.osprey.coordinator.benchmarks.http2;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.InvalidProtocolBufferException;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2Stream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.osprey.coordinator.codec.JsonObjects;
import org.osprey.coordinator.codec.UndecodableException;
import org.osprey.coordinator.core.Action;
import org.osprey.coordinator.core.Delivery;
import org.osprey.coordinator.core.Dispatcher;
import org.osprey.coordinator.core.IdGenerator;
import org.osprey.coordinator.core.Outcome;
import org.osprey.coordinator.core.Ticker;
import org.osprey.coordinator.proto.sync_action.v1.ProcessActionRequest;

/** The callers' port. */
final class SyncCalls implements GrpcConnection.Service {
  private static final long MAX_WAIT = TimeUnit.SECONDS.toNanos(30);
  private static final Pattern TIMEOUT = Pattern.compile("([0-9]{1,8})([HMSmun])");

  private final Dispatcher dispatcher;
  private final IdGenerator ids;
  private final Ticker ticker;

  SyncCalls(Dispatcher dispatcher, IdGenerator ids, Ticker ticker) {
    this.dispatcher = dispatcher;
    this.ids = ids;
    this.ticker = ticker;
  }

  @Override
  public String path() {
    return "/osprey.rpc.osprey_coordinator.sync_action.v1.OspreyCoordinatorSyncActionService"
        + "/ProcessAction";
  }

  @Override
  public GrpcStream begin(GrpcConnection connection, Http2Stream stream, Http2Headers headers) {
    return new Call(connection, stream, ticker.nanos() + timeout(headers.get("grpc-timeout")));
  }

  private static long timeout(@Nullable CharSequence header) {
    Matcher matcher = TIMEOUT.matcher(header == null ? "" : header);
    if (!matcher.matches()) {
      return MAX_WAIT;
    }
    TimeUnit unit =
        switch (matcher.group(2)) {
          case "H" -> TimeUnit.HOURS;
          case "M" -> TimeUnit.MINUTES;
          case "S" -> TimeUnit.SECONDS;
          case "m" -> TimeUnit.MILLISECONDS;
          case "u" -> TimeUnit.MICROSECONDS;
          default -> TimeUnit.NANOSECONDS;
        };
    return unit.toNanos(Long.parseLong(matcher.group(1)));
  }

  private final class Call extends GrpcStream implements Delivery.Handle {
    private final long deadline;
    private @Nullable Delivery delivery;

    private Call(GrpcConnection connection, Http2Stream stream, long deadline) {
      super(connection, stream);
      this.deadline = deadline;
    }

    @Override
    void message(byte[] message) {
      if (delivery != null) {
        end(INVALID_ARGUMENT, "request: more than one message");
        return;
      }
      try {
        offer(action(message));
      } catch (InvalidProtocolBufferException | UndecodableException e) {
        end(INVALID_ARGUMENT, e.getMessage());
      }
    }

    private Action action(byte[] message)
        throws InvalidProtocolBufferException, UndecodableException {
      ProcessActionRequest request = ProcessActionRequest.parseFrom(message);
      byte[] json = request.getActionDataJsonBytes().toByteArray();
      JsonObjects.check(json);
      long id = request.hasActionId() ? request.getActionId().getValue() : ids.next();
      Instant timestamp =
          Instant.ofEpochSecond(
              request.getTimestamp().getSeconds(), request.getTimestamp().getNanos());
      return new Action(id, request.getActionName(), Action.Encoding.JSON, json, null, timestamp);
    }

    private void offer(Action action) {
      delivery = Delivery.sync(action, "http2", deadline, this);
      switch (dispatcher.offer(delivery)) {
        case ACCEPTED -> {}
        case FULL -> end(RESOURCE_EXHAUSTED, "the queue is full");
        case DRAINING -> end(UNAVAILABLE, "the coordinator is shutting down");
      }
    }

    @Override
    public void finished(Outcome outcome) {
      switch (outcome) {
        case Outcome.Acked acked -> respond(acked.verdicts());
        case Outcome.Expired expired -> end(DEADLINE_EXCEEDED, "no worker answered in time");
        case Outcome.Rejected rejected -> end(UNAVAILABLE, "the coordinator is shutting down");
        case Outcome.Nacked nacked -> end(ABORTED, "action nacked");
        case Outcome.DeadLettered letter -> end(ABORTED, "given up");
      }
    }

    private void respond(byte @Nullable [] verdicts) {
      if (!ended()) {
        send(response(verdicts));
        end(OK, null);
      }
    }

    @Override
    void halfClosed() {
      if (delivery == null) {
        end(INVALID_ARGUMENT, "request: is missing");
      }
    }

    @Override
    void gone() {
      if (delivery != null) {
        dispatcher.cancel(delivery);
      }
    }

    @Override
    void writable(boolean writable) {}
  }

  private static byte[] response(byte @Nullable [] verdicts) {
    if (verdicts == null) {
      return new byte[0];
    }
    ByteString field = ByteString.copyFrom(verdicts);
    byte[] message = new byte[CodedOutputStream.computeBytesSize(2, field)];
    try {
      CodedOutputStream.newInstance(message).writeBytes(2, field);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return message;
  }
}
