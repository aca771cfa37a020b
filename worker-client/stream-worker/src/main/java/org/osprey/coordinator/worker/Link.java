package org.osprey.coordinator.worker;

import io.grpc.ConnectivityState;
import io.grpc.ManagedChannel;
import io.grpc.stub.MetadataUtils;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.osprey.coordinator.proto.bidirectional_stream.v1.OspreyCoordinatorServiceGrpc;

/** One channel to one target, with several streams on it. */
final class Link {
  private final ManagedChannel channel;
  private final OutageLog outages;

  /** The log is shared by all links to the same target. */
  Link(ManagedChannel channel, OutageLog outages) {
    this.channel = channel;
    this.outages = outages;
  }

  OutageLog outages() {
    return outages;
  }

  ActionStream open(
      Introduction introduction,
      ActionStream.Environment environment,
      ActionStream.Listener listener) {
    ActionStream stream = new ActionStream(environment, listener);
    // The stream answers through the call it is given in beforeStart.
    var unused =
        OspreyCoordinatorServiceGrpc.newStub(channel)
            .withInterceptors(MetadataUtils.newAttachHeadersInterceptor(introduction.headers()))
            .withCallCredentials(introduction.token())
            .ospreyBidirectionalStream(stream);
    stream.introduce(introduction.firstRequest());
    return stream;
  }

  /** While this is so, every new stream would fail at once. */
  boolean failing() {
    return channel.getState(true) == ConnectivityState.TRANSIENT_FAILURE;
  }

  /** Connects now: left alone, the channel's own pauses grow to two minutes. */
  void tryNow() {
    channel.resetConnectBackoff();
  }

  void whenNoLongerFailing(Runnable task) {
    channel.notifyWhenStateChanged(ConnectivityState.TRANSIENT_FAILURE, task);
  }

  /** Breaks what is still open. */
  void close() {
    channel.shutdownNow();
  }

  void awaitClosed(Duration patience) throws InterruptedException {
    channel.awaitTermination(patience.toMillis(), TimeUnit.MILLISECONDS);
  }
}
