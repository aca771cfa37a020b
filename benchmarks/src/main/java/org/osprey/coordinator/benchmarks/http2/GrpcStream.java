package org.osprey.coordinator.benchmarks.http2;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2Stream;
import io.netty.handler.codec.http2.ReadOnlyHttp2Headers;
import io.netty.util.AsciiString;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** One call: messages in, messages out, a status at the end. For its event loop only. */
@SuppressWarnings("FutureReturnValueIgnored") // a frame that cannot be written ends its stream
abstract class GrpcStream {
  static final int OK = 0;
  static final int INVALID_ARGUMENT = 3;
  static final int DEADLINE_EXCEEDED = 4;
  static final int RESOURCE_EXHAUSTED = 8;
  static final int FAILED_PRECONDITION = 9;
  static final int ABORTED = 10;
  static final int UNIMPLEMENTED = 12;
  static final int UNAVAILABLE = 14;

  private static final int PREFIX = 5;
  private static final int MAX_MESSAGE = 4 << 20;
  private static final AsciiString STATUS = AsciiString.cached("grpc-status");
  private static final AsciiString MESSAGE = AsciiString.cached("grpc-message");
  private static final AsciiString GRPC = AsciiString.cached("application/grpc");
  private static final AsciiString HTTP_OK = AsciiString.cached("200");

  private static final Http2Headers HEADERS =
      ReadOnlyHttp2Headers.serverHeaders(false, HTTP_OK, HttpHeaderNames.CONTENT_TYPE, GRPC);
  private static final Http2Headers OK_TRAILERS =
      ReadOnlyHttp2Headers.trailers(false, STATUS, AsciiString.cached("0"));

  private final GrpcConnection connection;
  private final Http2Stream stream;

  /** What came of a message that is not whole yet. */
  private ByteBuf pending = Unpooled.EMPTY_BUFFER;

  private boolean began;
  private boolean ended;

  GrpcStream(GrpcConnection connection, Http2Stream stream) {
    this.connection = connection;
    this.stream = stream;
  }

  abstract void message(byte[] message);

  abstract void halfClosed();

  /** The client is gone, or all is said. */
  abstract void gone();

  abstract void writable(boolean writable);

  static void refuse(GrpcConnection connection, Http2Stream stream, String why) {
    ChannelHandlerContext context = connection.context();
    connection
        .encoder()
        .writeHeaders(
            context,
            stream.id(),
            trailers(UNIMPLEMENTED, why, true),
            0,
            true,
            context.newPromise());
    connection.flushSoon();
  }

  final void received(ByteBuf data) {
    if (!pending.isReadable()) {
      read(data);
      if (data.isReadable() && !ended) {
        release();
        pending = connection.context().alloc().buffer(data.readableBytes()).writeBytes(data);
      }
      return;
    }
    pending.writeBytes(data);
    read(pending);
    pending.discardReadBytes();
  }

  private void read(ByteBuf in) {
    while (!ended && in.readableBytes() >= PREFIX) {
      long length = in.getUnsignedInt(in.readerIndex() + 1);
      if (in.getByte(in.readerIndex()) != 0) {
        end(UNIMPLEMENTED, "compressed messages are not taken");
      } else if (length > MAX_MESSAGE) {
        end(RESOURCE_EXHAUSTED, "a message of " + length + " bytes");
      } else if (in.readableBytes() < PREFIX + length) {
        return;
      } else {
        byte[] message = new byte[(int) length];
        in.skipBytes(PREFIX).readBytes(message);
        message(message);
      }
    }
  }

  final boolean ended() {
    return ended;
  }

  /**
   * @return whether there is room for more
   */
  final boolean send(byte[] message) {
    ChannelHandlerContext context = connection.context();
    begin(context);
    ByteBuf frame = context.alloc().buffer(PREFIX + message.length);
    frame.writeByte(0).writeInt(message.length).writeBytes(message);
    connection.encoder().writeData(context, stream.id(), frame, 0, false, context.newPromise());
    connection.flushSoon();
    return connection.encoder().flowController().isWritable(stream);
  }

  private void begin(ChannelHandlerContext context) {
    if (!began) {
      began = true;
      connection
          .encoder()
          .writeHeaders(context, stream.id(), HEADERS, 0, false, context.newPromise());
    }
  }

  final void end(int code, @Nullable String why) {
    if (ended) {
      return;
    }
    ended = true;
    ChannelHandlerContext context = connection.context();
    connection
        .encoder()
        .writeHeaders(
            context, stream.id(), trailers(code, why, !began), 0, true, context.newPromise());
    connection.flushSoon();
  }

  private static Http2Headers trailers(int code, @Nullable String why, boolean alone) {
    if (code == OK && !alone) {
      return OK_TRAILERS;
    }
    Http2Headers trailers = new DefaultHttp2Headers();
    if (alone) {
      trailers.status(HTTP_OK).set(HttpHeaderNames.CONTENT_TYPE, GRPC);
    }
    trailers.set(STATUS, Integer.toString(code));
    if (why != null) {
      trailers.set(MESSAGE, percentEncoded(why));
    }
    return trailers;
  }

  private static String percentEncoded(String text) {
    StringBuilder encoded = new StringBuilder(text.length());
    for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
      if (b >= 0x20 && b < 0x7f && b != '%') {
        encoded.append((char) b);
      } else {
        encoded.append("%%%02X".formatted(b));
      }
    }
    return encoded.toString();
  }

  final void over() {
    ended = true;
    release();
    gone();
  }

  private void release() {
    pending.release();
    pending = Unpooled.EMPTY_BUFFER;
  }
}
