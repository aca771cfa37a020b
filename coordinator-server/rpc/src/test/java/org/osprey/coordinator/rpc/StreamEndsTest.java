package org.osprey.coordinator.rpc;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.grpc.Status;
import org.junit.jupiter.api.Test;
import org.osprey.coordinator.rpc.Disconnects.Cause;

/**
 * The texts are those of the transport; a version that words them otherwise shows here or in R5.
 */
class StreamEndsTest {

  @Test
  void theTransportSaysWhyAStreamEnded() {
    assertEquals(
        Cause.CANCELLED, cause(Status.CANCELLED.withDescription("RST_STREAM received for code 8")));
    assertEquals(
        Cause.STREAM_ERROR,
        cause(Status.CANCELLED.withDescription("RST_STREAM received for code 2")));
    assertEquals(Cause.CANCELLED, cause(Status.CANCELLED));
    assertEquals(
        Cause.TIMEOUT,
        cause(
            Status.UNAVAILABLE.withDescription("Keepalive failed. The connection is likely gone")));
    assertEquals(
        Cause.BROKEN_PIPE,
        cause(Status.UNAVAILABLE.withDescription("connection terminated for unknown reason")));
    assertEquals(Cause.BROKEN_PIPE, new StreamEnds.Tracer().cause());
  }

  private static Cause cause(Status status) {
    StreamEnds.Tracer tracer = new StreamEnds.Tracer();
    tracer.streamClosed(status);
    return tracer.cause();
  }
}
