package org.osprey.coordinator.benchmarks.e2e;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;

/**
 * The client's end of a WebSocket, as cheap as can be: takes whole text frames of a few kilobytes,
 * and answers pings. Belongs to one thread.
 */
final class WebSocketConnection implements AutoCloseable {
  private static final int ROOM = 8 * 1024;
  private static final int TEXT = 0x1;
  private static final int CLOSE = 0x8;
  private static final int PING = 0x9;
  private static final int FINAL = 0x80;
  private static final int MASKED = 0x80;
  private static final int LENGTH = 0x7f;
  private static final int TWO_BYTES = 126;
  private static final byte[] END_OF_HEAD = "\r\n\r\n".getBytes(US_ASCII);

  private final SocketChannel channel;
  private final ByteBuffer in = ByteBuffer.allocate(ROOM);
  private final Texts texts;
  private boolean upgraded;

  /** Is given each text that comes. */
  @FunctionalInterface
  interface Texts {
    void take(byte[] bytes, int from, int to);
  }

  private WebSocketConnection(SocketChannel channel, Texts texts) {
    this.channel = channel;
    this.texts = texts;
  }

  /** Asks for the upgrade; the answer is read with the frames. */
  static WebSocketConnection open(int port, String path, Texts texts) throws IOException {
    return open(SocketChannel.open(), port, path, texts);
  }

  /**
   * @param receiveBuffer how many bytes the kernel may take for it
   */
  static WebSocketConnection open(int port, String path, int receiveBuffer) throws IOException {
    SocketChannel channel =
        SocketChannel.open().setOption(StandardSocketOptions.SO_RCVBUF, receiveBuffer);
    return open(channel, port, path, (bytes, from, to) -> {});
  }

  private static WebSocketConnection open(SocketChannel channel, int port, String path, Texts texts)
      throws IOException {
    try {
      channel.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
      channel.write(ByteBuffer.wrap(request(path).getBytes(US_ASCII)));
      return new WebSocketConnection(channel, texts);
    } catch (IOException e) {
      channel.close();
      throw e;
    }
  }

  private static String request(String path) {
    return """
        GET %s HTTP/1.1
        Host: localhost
        Upgrade: websocket
        Connection: Upgrade
        Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==
        Sec-WebSocket-Version: 13

        """
        .formatted(path)
        .replace("\n", "\r\n");
  }

  SocketChannel channel() {
    return channel;
  }

  int localPort() throws IOException {
    return ((InetSocketAddress) channel.getLocalAddress()).getPort();
  }

  /**
   * Takes what there is.
   *
   * @return false at the end
   */
  boolean read() throws IOException {
    if (channel.read(in) < 0) {
      return false;
    }
    in.flip();
    boolean open = upgraded || upgrade();
    while (open && upgraded && hasFrame()) {
      open = frame();
    }
    in.compact();
    if (!in.hasRemaining()) {
      throw new IOException("a frame is longer than %d bytes".formatted(ROOM));
    }
    return open;
  }

  /** False when it was refused. */
  private boolean upgrade() {
    int end = endOfHead();
    if (end < 0) {
      return true;
    }
    String head = new String(in.array(), in.position(), end - in.position(), US_ASCII);
    in.position(end);
    upgraded = head.startsWith("HTTP/1.1 101 ");
    return upgraded;
  }

  private int endOfHead() {
    for (int i = in.position(); i <= in.limit() - END_OF_HEAD.length; i++) {
      if (in.get(i) == '\r' && in.get(i + 1) == '\n' && in.get(i + 2) == '\r') {
        return i + END_OF_HEAD.length;
      }
    }
    return -1;
  }

  private boolean hasFrame() {
    return in.remaining() >= 2
        && in.remaining() >= headLength()
        && in.remaining() >= headLength() + length();
  }

  private int headLength() {
    return shortLength() == TWO_BYTES ? 4 : 2;
  }

  private int shortLength() {
    return in.get(in.position() + 1) & LENGTH;
  }

  private int length() {
    if (shortLength() > TWO_BYTES) {
      throw new IllegalStateException("a frame is longer than 64 KiB");
    }
    return shortLength() == TWO_BYTES ? in.getShort(in.position() + 2) & 0xffff : shortLength();
  }

  /** False when it is the last. */
  private boolean frame() throws IOException {
    int first = in.get(in.position()) & 0xff;
    int from = in.position() + headLength();
    int to = from + length();
    in.position(to);
    if (first == (FINAL | TEXT)) {
      texts.take(in.array(), from, to);
    } else if (first == (FINAL | PING)) {
      pong(from, to);
    }
    return first != (FINAL | CLOSE);
  }

  /** Masked with zeros, which leaves it as it is. */
  private void pong(int from, int to) throws IOException {
    ByteBuffer pong = ByteBuffer.allocate(6 + to - from);
    pong.put((byte) (FINAL | 0xA)).put((byte) (MASKED | (to - from))).putInt(0);
    pong.put(in.array(), from, to - from).flip();
    channel.write(pong);
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
