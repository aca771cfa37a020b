package org.osprey.coordinator.collectors.builtin.dns;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/** Answers every question for an address with the same ones. */
final class DnsServer implements AutoCloseable {
  static final int NO_ERROR = 0;
  static final int SERVER_FAILURE = 2;
  static final int NO_SUCH_NAME = 3;

  private static final int MAX_DATAGRAM = 512;
  private static final int ANSWERED = 0x8180;

  private final DatagramSocket socket;
  private final AtomicInteger asked = new AtomicInteger();
  private volatile int code = NO_ERROR;
  private volatile boolean silent;
  private volatile List<String> addresses = List.of();

  DnsServer() throws SocketException {
    socket = new DatagramSocket(0, InetAddress.getLoopbackAddress());
    Thread.ofPlatform().daemon().name("dns-server").start(this::serve);
  }

  String address() {
    return "127.0.0.1:" + socket.getLocalPort();
  }

  int asked() {
    return asked.get();
  }

  void answer(String... with) {
    addresses = List.of(with);
    code = NO_ERROR;
    silent = false;
  }

  void fail(int with) {
    code = with;
    silent = false;
  }

  void fallSilent() {
    silent = true;
  }

  @Override
  public void close() {
    socket.close();
  }

  private void serve() {
    DatagramPacket packet = new DatagramPacket(new byte[MAX_DATAGRAM], MAX_DATAGRAM);
    try {
      while (true) {
        packet.setLength(MAX_DATAGRAM);
        socket.receive(packet);
        asked.incrementAndGet();
        if (!silent) {
          byte[] reply = reply(packet.getData());
          socket.send(new DatagramPacket(reply, reply.length, packet.getSocketAddress()));
        }
      }
    } catch (IOException e) {
      // closed
    }
  }

  /** The question again, and behind it an A record for each address. */
  private byte[] reply(byte[] question) throws IOException {
    int end = 12;
    while (question[end] != 0) {
      end += question[end] + 1;
    }
    end += 5;
    List<String> records = code == NO_ERROR ? addresses : List.of();
    ByteBuffer reply = ByteBuffer.allocate(MAX_DATAGRAM);
    reply.put(question, 0, 2).putShort((short) (ANSWERED | code));
    reply.putShort((short) 1).putShort((short) records.size()).putInt(0);
    reply.put(question, 12, end - 12);
    for (String record : records) {
      reply.putShort((short) 0xC00C).putShort((short) 1).putShort((short) 1).putInt(60);
      reply.putShort((short) 4).put(InetAddress.getByName(record).getAddress());
    }
    byte[] bytes = new byte[reply.position()];
    reply.flip().get(bytes);
    return bytes;
  }
}
