package org.osprey.coordinator.benchmarks.http2;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Timestamp;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2Stream;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.osprey.coordinator.core.Action;
import org.osprey.coordinator.core.ActionNames;
import org.osprey.coordinator.core.Dispatcher;
import org.osprey.coordinator.core.Lease;
import org.osprey.coordinator.core.Outcome;
import org.osprey.coordinator.core.Target;
import org.osprey.coordinator.core.WorkerStream;
import org.osprey.coordinator.proto.bidirectional_stream.v1.Ack;
import org.osprey.coordinator.proto.bidirectional_stream.v1.AckOrNack;
import org.osprey.coordinator.proto.bidirectional_stream.v1.OspreyCoordinatorAction;
import org.osprey.coordinator.proto.bidirectional_stream.v1.Request;

/** The workers' port. */
final class WorkerStreams implements GrpcConnection.Service {
  private final Dispatcher dispatcher;

  WorkerStreams(Dispatcher dispatcher) {
    this.dispatcher = dispatcher;
  }

  @Override
  public String path() {
    return "/osprey.rpc.osprey_coordinator.bidirectional_stream.v1.OspreyCoordinatorService"
        + "/OspreyBidirectionalStream";
  }

  @Override
  public GrpcStream begin(GrpcConnection connection, Http2Stream stream, Http2Headers headers) {
    return new Call(connection, stream);
  }

  private final class Call extends GrpcStream implements Target {
    private @Nullable WorkerStream worker;

    private Call(GrpcConnection connection, Http2Stream stream) {
      super(connection, stream);
    }

    @Override
    void message(byte[] message) {
      try {
        Request request = Request.parseFrom(message);
        if (request.hasDisconnect()) {
          leave(request.getDisconnect().getAckOrNack());
        } else if (request.getActionRequest().hasInitial()) {
          String id = request.getActionRequest().getInitial().getId();
          worker = dispatcher.connect(id, ActionNames.ALL, 1, this);
        } else {
          answer(request.getActionRequest().getAckOrNack());
        }
      } catch (InvalidProtocolBufferException e) {
        end(INVALID_ARGUMENT, "malformed Request: " + e.getMessage());
      }
    }

    private void answer(AckOrNack answer) {
      if (worker == null) {
        end(FAILED_PRECONDITION, "ack_or_nack: a stream begins with initial");
      } else if (answer.hasAck()) {
        dispatcher.ack(worker, answer.getAckId(), acked(answer.getAck()));
      } else {
        dispatcher.nack(worker, answer.getAckId());
      }
    }

    private static Outcome.Acked acked(Ack ack) {
      return new Outcome.Acked(
          ack.hasVerdicts() ? ack.getVerdicts().toByteArray() : null,
          ack.hasExecutionResult() ? ack.getExecutionResult().toByteArray() : null);
    }

    private void leave(AckOrNack last) {
      if (worker != null) {
        dispatcher.retire(worker);
        answer(last);
        dispatcher.leave(worker);
      }
      end(OK, null);
    }

    @Override
    public void lease(Lease lease) {
      if (!ended() && !send(message(lease))) {
        dispatcher.setWritable(lease.stream(), false);
      }
    }

    private static byte[] message(Lease lease) {
      Action action = lease.action();
      Instant at = action.timestamp();
      return OspreyCoordinatorAction.newBuilder()
          .setAckId(lease.ackId())
          .setActionId(action.id())
          .setActionName(action.name())
          .setJsonActionData(ByteString.copyFrom(action.payload()))
          .setTimestamp(
              Timestamp.newBuilder().setSeconds(at.getEpochSecond()).setNanos(at.getNano()))
          .build()
          .toByteArray();
    }

    @Override
    public void end() {
      end(OK, null);
    }

    @Override
    void halfClosed() {
      gone();
      end(OK, null);
    }

    @Override
    void gone() {
      if (worker != null) {
        dispatcher.lose(worker);
      }
    }

    @Override
    void writable(boolean writable) {
      if (worker != null) {
        dispatcher.setWritable(worker, writable);
      }
    }
  }
}
