package org.osprey.coordinator.benchmarks.http2;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http2.AbstractHttp2ConnectionHandlerBuilder;
import io.netty.handler.codec.http2.Http2Connection;
import io.netty.handler.codec.http2.Http2ConnectionAdapter;
import io.netty.handler.codec.http2.Http2ConnectionDecoder;
import io.netty.handler.codec.http2.Http2ConnectionEncoder;
import io.netty.handler.codec.http2.Http2ConnectionHandler;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2FrameAdapter;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2Settings;
import io.netty.handler.codec.http2.Http2Stream;
import io.netty.util.AsciiString;
import io.netty.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** One client's connection: gRPC calls as HTTP/2 streams. For its event loop only. */
@SuppressWarnings("FutureReturnValueIgnored") // a frame that cannot be written ends its stream
final class GrpcConnection extends Http2ConnectionHandler {
  private static final int WINDOW = 1 << 20;
  private static final int MAX_STREAMS = 1_000;
  private static final int MAX_HEADERS = 8 << 10;
  private static final int MAX_RESETS = MAX_STREAMS + 200;
  private static final int RESETS_SECONDS = 30;
  private static final long DRAIN_MILLIS = 8_000;
  private static final long PING_SECONDS = 30;
  private static final AsciiString GRPC = AsciiString.cached("application/grpc");

  private final Service service;
  private final Http2Connection.PropertyKey key;
  private @Nullable ChannelHandlerContext context;
  private boolean flushing;
  private boolean answeredPing = true;
  private @Nullable Future<?> pings;

  /** What a port serves. */
  interface Service {
    /** The path of its only method. */
    String path();

    /** A call begins. */
    GrpcStream begin(GrpcConnection connection, Http2Stream stream, Http2Headers headers);
  }

  private GrpcConnection(
      Http2ConnectionDecoder decoder,
      Http2ConnectionEncoder encoder,
      Http2Settings settings,
      Service service) {
    super(decoder, encoder, settings);
    this.service = service;
    key = connection().newKey();
    connection().addListener(new Ends());
    decoder.frameListener(new Frames());
    encoder.flowController().listener(this::writabilityChanged);
  }

  static GrpcConnection of(Service service) {
    return new Builder(service).build();
  }

  private static final class Builder
      extends AbstractHttp2ConnectionHandlerBuilder<GrpcConnection, Builder> {
    private final Service service;

    private Builder(Service service) {
      this.service = service;
      server(true);
      gracefulShutdownTimeoutMillis(DRAIN_MILLIS);
      frameListener(new Http2FrameAdapter());
      validateHeaders(true);
      decoderEnforceMaxRstFramesPerWindow(MAX_RESETS, RESETS_SECONDS);
      initialSettings(
          Http2Settings.defaultSettings()
              .maxConcurrentStreams(MAX_STREAMS)
              .maxHeaderListSize(MAX_HEADERS)
              .initialWindowSize(WINDOW));
    }

    @Override
    protected GrpcConnection build() {
      return super.build();
    }

    @Override
    protected GrpcConnection build(
        Http2ConnectionDecoder decoder, Http2ConnectionEncoder encoder, Http2Settings settings) {
      return new GrpcConnection(decoder, encoder, settings, service);
    }
  }

  @Override
  public void handlerAdded(ChannelHandlerContext context) throws Exception {
    this.context = context;
    super.handlerAdded(context);
    if (context.channel().isActive()) {
      widen();
    }
    pings =
        context
            .executor()
            .scheduleAtFixedRate(this::ping, PING_SECONDS, PING_SECONDS, TimeUnit.SECONDS);
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) throws Exception {
    if (pings != null) {
      pings.cancel(false);
    }
    super.channelInactive(context);
  }

  @Override
  public void channelActive(ChannelHandlerContext context) throws Exception {
    super.channelActive(context);
    widen();
  }

  ChannelHandlerContext context() {
    if (context == null) {
      throw new IllegalStateException("not in a pipeline yet");
    }
    return context;
  }

  /** At the end of this turn of the loop, with all that is written until then. */
  void flushSoon() {
    if (!flushing) {
      flushing = true;
      context().executor().execute(this::flushNow);
    }
  }

  private void flushNow() {
    flushing = false;
    flush(context());
  }

  /** The connection's own window is too small by default. */
  private void widen() throws Http2Exception {
    connection()
        .local()
        .flowController()
        .incrementWindowSize(connection().connectionStream(), WINDOW);
    flushSoon();
  }

  private void ping() {
    if (!context().channel().isActive()) {
      return;
    }
    if (!answeredPing) {
      context().channel().close();
      return;
    }
    answeredPing = false;
    encoder().writePing(context(), false, 0, context().newPromise());
    flushSoon();
  }

  private void writabilityChanged(Http2Stream stream) {
    GrpcStream call = stream.getProperty(key);
    if (call != null) {
      call.writable(encoder().flowController().isWritable(stream));
    }
  }

  private final class Frames extends Http2FrameAdapter {
    @Override
    public void onHeadersRead(
        ChannelHandlerContext context,
        int streamId,
        Http2Headers headers,
        int streamDependency,
        short weight,
        boolean exclusive,
        int padding,
        boolean endOfStream)
        throws Http2Exception {
      onHeadersRead(context, streamId, headers, padding, endOfStream);
    }

    @Override
    public void onHeadersRead(
        ChannelHandlerContext context,
        int streamId,
        Http2Headers headers,
        int padding,
        boolean endOfStream)
        throws Http2Exception {
      Http2Stream stream = connection().stream(streamId);
      CharSequence type = headers.get(HttpHeaderNames.CONTENT_TYPE);
      if (type == null || !AsciiString.of(type).startsWith(GRPC)) {
        throw Http2Exception.streamError(streamId, Http2Error.PROTOCOL_ERROR, "no gRPC call");
      }
      if (!AsciiString.contentEquals(headers.path(), service.path())) {
        GrpcStream.refuse(GrpcConnection.this, stream, "no such method");
        return;
      }
      GrpcStream call = service.begin(GrpcConnection.this, stream, headers);
      stream.setProperty(key, call);
      if (endOfStream) {
        call.halfClosed();
      }
    }

    @Override
    public int onDataRead(
        ChannelHandlerContext context,
        int streamId,
        ByteBuf data,
        int padding,
        boolean endOfStream) {
      int consumed = data.readableBytes() + padding;
      GrpcStream call = connection().stream(streamId).getProperty(key);
      if (call != null) {
        call.received(data);
        if (endOfStream) {
          call.halfClosed();
        }
      }
      return consumed;
    }

    @Override
    public void onPingAckRead(ChannelHandlerContext context, long data) {
      answeredPing = true;
    }
  }

  private final class Ends extends Http2ConnectionAdapter {
    @Override
    public void onStreamClosed(Http2Stream stream) {
      GrpcStream call = stream.removeProperty(key);
      if (call != null) {
        call.over();
      }
    }
  }
}
