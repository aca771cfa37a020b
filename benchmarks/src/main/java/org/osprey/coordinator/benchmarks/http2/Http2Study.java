package org.osprey.coordinator.benchmarks.http2;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.ApplicationProtocolConfig.Protocol;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectedListenerFailureBehavior;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectorFailureBehavior;
import io.netty.handler.ssl.ApplicationProtocolNames;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import java.io.File;
import java.io.IOException;
import java.time.InstantSource;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.osprey.coordinator.core.Dispatcher;
import org.osprey.coordinator.core.DispatcherSettings;
import org.osprey.coordinator.core.InMemoryDeadLetters;
import org.osprey.coordinator.core.Ticker;
import org.osprey.coordinator.snowflake.LocalIds;

/** Both ports of the coordinator on one event loop. SIGTERM drains it. */
@SuppressWarnings("FutureReturnValueIgnored") // the ticks end with the loop
public final class Http2Study {
  private static final long TICK_MILLIS = 20;
  private static final long DRAIN_MILLIS = 8_000;

  private final EventLoopGroup loops =
      new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
  private final EventLoop loop = loops.next();
  private final ChannelGroup connections = new DefaultChannelGroup(loop);
  private final ChannelGroup ports = new DefaultChannelGroup(loop);
  private final Ticker ticker = Ticker.system();
  private final Dispatcher dispatcher =
      new Dispatcher(
          DispatcherSettings.DEFAULTS,
          ticker,
          InstantSource.system(),
          RandomGenerator.getDefault(),
          new InMemoryDeadLetters(),
          null);
  private final LocalIds ids = new LocalIds(System::currentTimeMillis, 30, 30);
  private final @Nullable SslContext tls;

  private Http2Study(@Nullable SslContext tls) {
    this.tls = tls;
  }

  /**
   * @param arguments the worker port, the sync port, and for TLS the files of a certificate and its
   *     key in PEM
   */
  public static void main(String[] arguments) throws Exception {
    if (arguments.length != 2 && arguments.length != 4) {
      throw new IllegalArgumentException("want WORKER_PORT SYNC_PORT [CERTIFICATE KEY]");
    }
    SslContext tls =
        arguments.length == 2 ? null : tls(new File(arguments[2]), new File(arguments[3]));
    Http2Study study = new Http2Study(tls);
    study.open(Integer.parseInt(arguments[0]), new WorkerStreams(study.dispatcher));
    study.open(
        Integer.parseInt(arguments[1]), new SyncCalls(study.dispatcher, study.ids, study.ticker));
    study.loop.scheduleAtFixedRate(
        study.dispatcher::tick, TICK_MILLIS, TICK_MILLIS, TimeUnit.MILLISECONDS);
    Runtime.getRuntime().addShutdownHook(new Thread(study::drain));
    study.loops.terminationFuture().await();
  }

  private static SslContext tls(File certificate, File key) throws IOException {
    return SslContextBuilder.forServer(certificate, key)
        .sslProvider(SslProvider.JDK)
        .applicationProtocolConfig(
            new ApplicationProtocolConfig(
                Protocol.ALPN,
                SelectorFailureBehavior.NO_ADVERTISE,
                SelectedListenerFailureBehavior.ACCEPT,
                ApplicationProtocolNames.HTTP_2))
        .build();
  }

  private void open(int port, GrpcConnection.Service service) throws InterruptedException {
    Channel opened =
        new ServerBootstrap()
            .group(loops)
            .channel(NioServerSocketChannel.class)
            .childOption(ChannelOption.TCP_NODELAY, true)
            .childHandler(
                new ChannelInitializer<SocketChannel>() {
                  @Override
                  protected void initChannel(SocketChannel connection) {
                    connections.add(connection);
                    if (tls != null) {
                      connection.pipeline().addLast(tls.newHandler(connection.alloc()));
                    }
                    connection.pipeline().addLast(GrpcConnection.of(service));
                  }
                })
            .bind("127.0.0.1", port)
            .sync()
            .channel();
    ports.add(opened);
  }

  /** Connections say GOAWAY and end when their streams have. */
  private void drain() {
    ports.close().awaitUninterruptibly(DRAIN_MILLIS);
    dispatcher.drain();
    connections.close().awaitUninterruptibly(DRAIN_MILLIS);
    dispatcher.rejectCallers();
    loops.shutdownGracefully(0, DRAIN_MILLIS, TimeUnit.MILLISECONDS).awaitUninterruptibly();
  }
}
