package org.osprey.coordinator.worker;

import static org.awaitility.Awaitility.await;

import com.google.protobuf.ByteString;
import com.google.protobuf.Timestamp;
import io.grpc.Context;
import io.grpc.Contexts;
import io.grpc.Metadata;
import io.grpc.Server;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.ServerInterceptors;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.StreamObserver;
import io.netty.handler.ssl.SslContext;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.osprey.coordinator.proto.bidirectional_stream.v1.OspreyCoordinatorAction;
import org.osprey.coordinator.proto.bidirectional_stream.v1.OspreyCoordinatorServiceGrpc;
import org.osprey.coordinator.proto.bidirectional_stream.v1.Request;

/** Does only what a test tells it to, and remembers what workers said. */
final class ScriptedCoordinator
    extends OspreyCoordinatorServiceGrpc.OspreyCoordinatorServiceImplBase
    implements ServerInterceptor, AutoCloseable {
  private static final Context.Key<Metadata> HEADERS = Context.key("headers");

  private final List<Session> sessions = new CopyOnWriteArrayList<>();
  private final Server server;

  ScriptedCoordinator() {
    this(0);
  }

  ScriptedCoordinator(int port) {
    server = start(builder(port));
  }

  /** With TLS. */
  ScriptedCoordinator(SslContext tls) {
    server = start(builder(0).sslContext(tls));
  }

  private NettyServerBuilder builder(int port) {
    return NettyServerBuilder.forAddress(
            new InetSocketAddress(InetAddress.getLoopbackAddress(), port))
        .permitKeepAliveTime(10, TimeUnit.SECONDS)
        .permitKeepAliveWithoutCalls(true)
        .addService(ServerInterceptors.intercept(this, this));
  }

  private static Server start(NettyServerBuilder builder) {
    try {
      return builder.build().start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  int port() {
    return server.getPort();
  }

  String target() {
    return "127.0.0.1:" + port();
  }

  int sessions() {
    return (int) sessions.stream().filter(session -> !session.requests.isEmpty()).count();
  }

  /** Waits until a worker has opened as many streams and introduced itself on each. */
  Session session(int number) {
    await().until(() -> sessions.size() > number && !sessions.get(number).requests.isEmpty());
    return sessions.get(number);
  }

  @Override
  public <Q, A> ServerCall.Listener<Q> interceptCall(
      ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
    return Contexts.interceptCall(
        Context.current().withValue(HEADERS, headers), call, headers, next);
  }

  @Override
  public StreamObserver<Request> ospreyBidirectionalStream(
      StreamObserver<OspreyCoordinatorAction> actions) {
    Session session = new Session(HEADERS.get(), actions);
    sessions.add(session);
    return session;
  }

  /** Breaks all connections. */
  @Override
  public void close() {
    server.shutdownNow();
    try {
      server.awaitTermination(5, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** One stream as the coordinator sees it. Ends cleanly when the worker half-closes. */
  static final class Session implements StreamObserver<Request> {
    final Metadata headers;
    final List<Request> requests = new CopyOnWriteArrayList<>();
    volatile boolean halfClosed;
    volatile boolean broken;
    private final StreamObserver<OspreyCoordinatorAction> actions;

    Session(Metadata headers, StreamObserver<OspreyCoordinatorAction> actions) {
      this.headers = headers;
      this.actions = actions;
    }

    String header(String name) {
      return String.valueOf(headers.get(Metadata.Key.of(name, Metadata.ASCII_STRING_MARSHALLER)));
    }

    void send(long ackId, String name) {
      send(action(ackId, name).build());
    }

    void send(OspreyCoordinatorAction action) {
      actions.onNext(action);
    }

    void end() {
      actions.onCompleted();
    }

    void fail(Throwable status) {
      actions.onError(status);
    }

    Request request(int number) {
      await().until(() -> requests.size() > number);
      return requests.get(number);
    }

    @Override
    public void onNext(Request request) {
      requests.add(request);
    }

    @Override
    public void onError(Throwable failure) {
      broken = true;
    }

    @Override
    public void onCompleted() {
      halfClosed = true;
      actions.onCompleted();
    }
  }

  /** Its id is its ack id and 1,000 more. */
  static OspreyCoordinatorAction.Builder action(long ackId, String name) {
    return OspreyCoordinatorAction.newBuilder()
        .setAckId(ackId)
        .setActionId(ackId + 1_000)
        .setActionName(name)
        .setJsonActionData(ByteString.copyFromUtf8("{\"user_id\":\"user_123\"}"))
        .setTimestamp(Timestamp.newBuilder().setSeconds(1_700_000_000).setNanos(5));
  }
}
