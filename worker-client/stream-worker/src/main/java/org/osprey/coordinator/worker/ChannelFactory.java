package org.osprey.coordinator.worker;

import io.grpc.ManagedChannel;
import io.grpc.netty.NettyChannelBuilder;
import io.netty.handler.ssl.SslContext;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Opens the way to a target. */
@FunctionalInterface
interface ChannelFactory {
  /** A coordinator takes a shorter interval for abuse and hangs up. */
  Duration KEEP_ALIVE = Duration.ofSeconds(10);

  Duration KEEP_ALIVE_TIMEOUT = Duration.ofSeconds(5);

  /** Well above what brokers carry; an action too large would end its stream again and again. */
  int MAX_ACTION_BYTES = 64 * 1024 * 1024;

  ManagedChannel open(String target);

  /**
   * @param tls null for plaintext
   */
  static ChannelFactory of(@Nullable SslContext tls) {
    return target -> {
      NettyChannelBuilder builder = builder(target);
      return (tls == null ? builder.usePlaintext() : builder.sslContext(tls)).build();
    };
  }

  private static NettyChannelBuilder builder(String target) {
    // Callbacks run on the event loop, since they only move state and start virtual threads.
    // Netty is named because the builder that gRPC would find depends on what else is on the class
    // path.
    return NettyChannelBuilder.forTarget(target)
        .directExecutor()
        .maxInboundMessageSize(MAX_ACTION_BYTES)
        .keepAliveTime(KEEP_ALIVE.toSeconds(), TimeUnit.SECONDS)
        .keepAliveTimeout(KEEP_ALIVE_TIMEOUT.toSeconds(), TimeUnit.SECONDS)
        .keepAliveWithoutCalls(true);
  }
}
