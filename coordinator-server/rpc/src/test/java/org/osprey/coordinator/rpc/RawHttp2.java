package org.osprey.coordinator.rpc;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http2.DefaultHttp2HeadersDecoder;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Headers;
import java.io.BufferedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * A client on a plain socket that sends whatever it is told to, right or wrong, and reads what
 * comes until it is cut. It answers nothing by itself but the server's PINGs, and those only when
 * asked to. One thread writes.
 */
public final class RawHttp2 implements AutoCloseable {
  public static final int DATA = 0;
  public static final int HEADERS = 1;
  public static final int PRIORITY = 2;
  public static final int RST_STREAM = 3;
  public static final int SETTINGS = 4;
  public static final int PING = 6;
  public static final int GOAWAY = 7;
  public static final int WINDOW_UPDATE = 8;
  public static final int CONTINUATION = 9;

  public static final int NONE = 0;
  public static final int ACK = 1;
  public static final int END_STREAM = 1;
  public static final int END_HEADERS = 4;

  public static final int INITIAL_WINDOW = 4;
  public static final int MAX_HEADER_LIST = 6;

  private static final byte[] PREFACE = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(US_ASCII);

  private final Socket socket;
  private final OutputStream out;
  private final DefaultHttp2HeadersDecoder headers = new DefaultHttp2HeadersDecoder();
  private final CompletableFuture<Long> cut = new CompletableFuture<>();
  private final CompletableFuture<String> firstEnd = new CompletableFuture<>();
  private volatile int goAway = -1;
  private volatile boolean answersPings;

  private RawHttp2(Socket socket) throws IOException {
    this.socket = socket;
    out = new BufferedOutputStream(socket.getOutputStream(), 1 << 16);
  }

  /** A connection to a port of the loopback interface that has said nothing yet. */
  public static RawHttp2 connect(int port) throws IOException {
    Socket socket = new Socket();
    socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 10_000);
    RawHttp2 client = new RawHttp2(socket);
    Thread.ofVirtual().start(client::read);
    return client;
  }

  /** Says that it speaks HTTP/2, with settings of its own. */
  public RawHttp2 begin(byte... settings) throws IOException {
    out.write(PREFACE);
    frame(SETTINGS, NONE, 0, settings);
    frame(SETTINGS, ACK, 0);
    return flush();
  }

  /** From now on the server's PINGs are answered, by the thread that reads. */
  public RawHttp2 answeringPings() {
    answersPings = true;
    return this;
  }

  public RawHttp2 raw(byte... bytes) throws IOException {
    out.write(bytes);
    return this;
  }

  public RawHttp2 frame(int type, int flags, int stream, byte... payload) throws IOException {
    return frameHeader(payload.length, type, flags, stream).raw(payload);
  }

  /** Of a frame whose payload may never come. */
  public RawHttp2 frameHeader(int length, int type, int flags, int stream) throws IOException {
    out.write(length >>> 16);
    out.write(length >>> 8);
    out.write(length);
    out.write(type);
    out.write(flags);
    out.write(int32(stream));
    return this;
  }

  /** Opens a stream with a good gRPC call. */
  public RawHttp2 call(int stream, String path) throws IOException {
    return frame(HEADERS, END_HEADERS, stream, callHeaders(path));
  }

  public RawHttp2 flush() throws IOException {
    out.flush();
    return this;
  }

  public static byte[] int32(int value) {
    return new byte[] {
      (byte) (value >>> 24), (byte) (value >>> 16), (byte) (value >>> 8), (byte) value
    };
  }

  /** One entry of a SETTINGS frame. */
  public static byte[] setting(int id, int value) {
    ByteArrayOutputStream entry = new ByteArrayOutputStream();
    entry.write(id >>> 8);
    entry.write(id);
    entry.writeBytes(int32(value));
    return entry.toByteArray();
  }

  public static byte[] callHeaders(String path) {
    ByteArrayOutputStream block = new ByteArrayOutputStream();
    literal(block, ":method", "POST");
    literal(block, ":scheme", "http");
    literal(block, ":path", path);
    literal(block, ":authority", "localhost");
    literal(block, "content-type", "application/grpc");
    literal(block, "te", "trailers");
    return block.toByteArray();
  }

  /** Neither compressed nor remembered. */
  static void literal(ByteArrayOutputStream block, String name, String value) {
    block.write(0);
    string(block, name);
    string(block, value);
  }

  static void string(ByteArrayOutputStream block, String text) {
    byte[] bytes = text.getBytes(US_ASCII);
    if (bytes.length < 127) {
      block.write(bytes.length);
    } else {
      block.write(127);
      int rest = bytes.length - 127;
      for (; rest >= 128; rest >>>= 7) {
        block.write((rest & 127) | 128);
      }
      block.write(rest);
    }
    block.writeBytes(bytes);
  }

  /** A message as gRPC frames it. */
  public static byte[] message(int compressed, int length, byte... content) {
    ByteArrayOutputStream message = new ByteArrayOutputStream();
    message.write(compressed);
    message.writeBytes(int32(length));
    message.writeBytes(content);
    return message.toByteArray();
  }

  /** Says no more, and still listens. */
  public RawHttp2 end() throws IOException {
    flush();
    socket.shutdownOutput();
    return this;
  }

  /** Whether the server has closed the connection. */
  public boolean isCut() {
    return cut.isDone();
  }

  /**
   * @return when the server closed the connection, of {@link System#nanoTime}; -1 if it did not
   */
  public long awaitCut(long atMostMillis) {
    try {
      return cut.get(atMostMillis, TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      return -1;
    } catch (InterruptedException | ExecutionException e) {
      throw new AssertionError(e);
    }
  }

  /** The code with which the server said farewell; -1 if it did not. */
  public int goAway() {
    return goAway;
  }

  /**
   * How the first stream to end ended: {@code grpc-status N}, {@code reset N} by its code, or
   * {@code cut} with the whole connection.
   */
  public String firstEnd() {
    try {
      return firstEnd.get(1, TimeUnit.MINUTES);
    } catch (InterruptedException | ExecutionException | TimeoutException e) {
      throw new AssertionError("no stream ended", e);
    }
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }

  private void read() {
    try (DataInputStream in = new DataInputStream(socket.getInputStream())) {
      while (true) {
        int lengthAndType = in.readInt();
        int flags = in.read();
        int stream = in.readInt() & Integer.MAX_VALUE;
        byte[] payload = new byte[lengthAndType >>> 8];
        in.readFully(payload);
        read(lengthAndType & 255, flags, stream, payload);
      }
    } catch (IOException | Http2Exception e) {
      firstEnd.complete("cut");
      cut.complete(System.nanoTime());
    }
  }

  private void read(int type, int flags, int stream, byte[] payload)
      throws IOException, Http2Exception {
    switch (type) {
      case HEADERS -> readHeaders(stream, payload);
      case RST_STREAM -> firstEnd.complete("reset " + payload[3]);
      case GOAWAY -> goAway = payload[7];
      case PING -> answer(flags, payload);
      default -> {
        // Whatever else it says is of no interest.
      }
    }
  }

  private void readHeaders(int stream, byte[] block) throws Http2Exception {
    Http2Headers read = headers.decodeHeaders(stream, Unpooled.wrappedBuffer(block));
    @Nullable CharSequence status = read.get("grpc-status");
    if (status != null) {
      firstEnd.complete("grpc-status " + status);
    }
  }

  /** Past the buffer, and in one write, so that it does not split what the other thread sends. */
  private void answer(int flags, byte[] payload) throws IOException {
    if (answersPings && flags == NONE) {
      ByteArrayOutputStream answer = new ByteArrayOutputStream();
      answer.writeBytes(new byte[] {0, 0, 8, PING, ACK, 0, 0, 0, 0});
      answer.writeBytes(payload);
      socket.getOutputStream().write(answer.toByteArray());
    }
  }
}
