package org.osprey.coordinator.pubsub;

import com.google.api.gax.core.CredentialsProvider;
import com.google.api.gax.core.FixedCredentialsProvider;
import com.google.api.gax.core.FixedExecutorProvider;
import com.google.api.gax.core.NoCredentialsProvider;
import com.google.api.gax.grpc.GrpcTransportChannel;
import com.google.api.gax.rpc.FixedTransportChannelProvider;
import com.google.api.gax.rpc.TransportChannelProvider;
import io.grpc.ManagedChannel;
import io.grpc.netty.NettyChannelBuilder;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioSocketChannel;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * The one channel to the service and the threads behind it, shared by all pulls of a source: one
 * event loop, one thread that hands messages to us, two that keep leases, and as many as there are
 * calls that wait (one or two).
 */
final class Connection implements AutoCloseable {
  private static final String SERVICE = "pubsub.googleapis.com:443";
  private static final int LARGEST_RESPONSE = 20 << 20;
  private static final int LARGEST_METADATA = 4 << 20;
  private static final Duration KEEP_ALIVE = Duration.ofMinutes(5);
  private static final Duration LAST_WORDS = Duration.ofSeconds(1);

  private final EventLoopGroup eventLoop;
  private final ExecutorService calls;
  private final ScheduledExecutorService receiver;
  private final ScheduledExecutorService leases;
  private final ManagedChannel channel;
  private final CredentialsProvider credentials;

  private Connection(PubsubSettings settings, CallWatch watch, CredentialsProvider credentials) {
    this.credentials = credentials;
    eventLoop =
        new MultiThreadIoEventLoopGroup(1, ThreadNames.of("pubsub-io"), NioIoHandler.newFactory());
    calls = Executors.newCachedThreadPool(ThreadNames.of("pubsub-call"));
    receiver = Executors.newSingleThreadScheduledExecutor(ThreadNames.of("pubsub-receive"));
    leases = Executors.newScheduledThreadPool(2, ThreadNames.of("pubsub-lease"));
    channel = channel(settings, watch);
  }

  /**
   * Finds the credentials; connects when the channel is used first.
   *
   * @throws IOException naming the setting that is wrong
   */
  static Connection open(PubsubSettings settings, Credentials credentials, CallWatch watch)
      throws IOException {
    CredentialsProvider provider =
        settings.emulatorHost() == null
            ? FixedCredentialsProvider.create(credentials.load())
            : NoCredentialsProvider.create();
    return new Connection(settings, watch, provider);
  }

  CredentialsProvider credentials() {
    return credentials;
  }

  TransportChannelProvider transport() {
    return FixedTransportChannelProvider.create(GrpcTransportChannel.create(channel));
  }

  FixedExecutorProvider receiver() {
    return FixedExecutorProvider.create(receiver);
  }

  FixedExecutorProvider leases() {
    return FixedExecutorProvider.create(leases);
  }

  /** Tries to connect soon, however long it has been in vain. */
  void reconnectSoon() {
    channel.resetConnectBackoff();
  }

  /** Gives streams a moment to end in good order; other calls should have ended. */
  @Override
  public void close() {
    channel.shutdown();
    try {
      channel.awaitTermination(LAST_WORDS.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    channel.shutdownNow();
    receiver.shutdownNow();
    leases.shutdownNow();
    calls.shutdown();
    Future<?> unused = eventLoop.shutdownGracefully(0, 1, TimeUnit.SECONDS);
  }

  private ManagedChannel channel(PubsubSettings settings, CallWatch watch) {
    String emulator = settings.emulatorHost();
    NettyChannelBuilder builder =
        NettyChannelBuilder.forTarget(emulator == null ? SERVICE : emulator)
            .eventLoopGroup(eventLoop)
            .channelType(NioSocketChannel.class)
            .withOption(
                ChannelOption.CONNECT_TIMEOUT_MILLIS,
                Math.toIntExact(settings.channelTimeout().toMillis()))
            .executor(calls)
            .maxInboundMessageSize(LARGEST_RESPONSE)
            .maxInboundMetadataSize(LARGEST_METADATA)
            .keepAliveTime(KEEP_ALIVE.toSeconds(), TimeUnit.SECONDS)
            .intercept(watch, new OrderlyEnd(leases));
    return emulator == null ? builder.build() : builder.usePlaintext().build();
  }
}
