package org.osprey.coordinator.benchmarks.e2e;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What the kernel holds for the TCP connections of this machine at one moment; Linux only. */
final class TcpQueues {
  private static final int HEX = 16;
  private static final String ESTABLISHED = "01";

  private final List<Connection> established;

  /** One end of a connection; bytes that wait to be sent and to be read. */
  record Connection(int localPort, int remotePort, long toSend, long toRead) {}

  private TcpQueues(List<Connection> established) {
    this.established = established;
  }

  static TcpQueues now() throws IOException {
    List<Connection> established = new ArrayList<>();
    for (String file : List.of("/proc/net/tcp", "/proc/net/tcp6")) {
      Files.readAllLines(Path.of(file)).stream()
          .skip(1)
          .map(line -> line.trim().split("\\s+", -1))
          .filter(fields -> fields[3].equals(ESTABLISHED))
          .map(TcpQueues::connection)
          .forEach(established::add);
    }
    return new TcpQueues(established);
  }

  private static Connection connection(String[] fields) {
    String[] queues = fields[4].split(":", -1);
    return new Connection(
        (int) afterColon(fields[1]),
        (int) afterColon(fields[2]),
        Long.parseLong(queues[0], HEX),
        Long.parseLong(queues[1], HEX));
  }

  private static long afterColon(String address) {
    return Long.parseLong(address.substring(address.lastIndexOf(':') + 1), HEX);
  }

  /** An end of a connection that both sides hold, or null. */
  @Nullable Connection find(int localPort, int remotePort) {
    return established.stream()
        .filter(
            connection -> connection.localPort == localPort && connection.remotePort == remotePort)
        .findFirst()
        .orElse(null);
  }
}
