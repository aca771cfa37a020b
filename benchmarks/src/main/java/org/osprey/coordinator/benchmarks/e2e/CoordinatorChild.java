package org.osprey.coordinator.benchmarks.e2e;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** A coordinator as start.sh runs it, on free ports of the loopback interface. */
final class CoordinatorChild implements AutoCloseable {
  private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(60);

  private final Path folder;
  private final ChildJvm jvm;
  private final int workerPort;
  private final int syncPort;
  private final int httpPort;

  private CoordinatorChild(Path folder, ChildJvm jvm, int workerPort, int syncPort, int httpPort) {
    this.folder = folder;
    this.jvm = jvm;
    this.workerPort = workerPort;
    this.syncPort = syncPort;
    this.httpPort = httpPort;
  }

  /** One without sources, with the default settings; returns when both ports accept. */
  static CoordinatorChild start() throws IOException, InterruptedException {
    return start("");
  }

  /**
   * @param config in YAML; neither the ports nor the dead letters, which are only logged
   */
  static CoordinatorChild start(String config) throws IOException, InterruptedException {
    Path folder = Files.createTempDirectory("coordinator-e2e");
    int[] ports = freePorts();
    Path file = Files.writeString(folder.resolve("config.yaml"), settings(config));
    ChildJvm jvm =
        ChildJvm.start(
            command(file),
            Map.of(
                "OSPREY_COORDINATOR_BIDI_STREAM_PORT", Integer.toString(ports[0]),
                "OSPREY_COORDINATOR_SYNC_ACTION_PORT", Integer.toString(ports[1]),
                "OSPREY_COORDINATOR_HTTP_PORT", Integer.toString(ports[2])),
            folder.resolve("coordinator.log"));
    CoordinatorChild child = new CoordinatorChild(folder, jvm, ports[0], ports[1], ports[2]);
    try {
      child.awaitPorts();
      return child;
    } catch (IOException | InterruptedException | RuntimeException e) {
      child.close();
      throw e;
    }
  }

  ChildJvm jvm() {
    return jvm;
  }

  String workerTarget() {
    return "127.0.0.1:" + workerPort;
  }

  String syncTarget() {
    return "127.0.0.1:" + syncPort;
  }

  int workerPort() {
    return workerPort;
  }

  int syncPort() {
    return syncPort;
  }

  int httpPort() {
    return httpPort;
  }

  private static String settings(String config) {
    return config + "deadLetters:\n  store: log\n";
  }

  /** Of the JVM that a coordinator runs in. */
  static List<String> flags() {
    return List.of(System.getProperty("coordinator.flags", "").trim().split("\\s+", -1));
  }

  private static List<String> command(Path config) {
    List<String> command = new ArrayList<>();
    command.addAll(flags());
    command.addAll(
        List.of(
            "-cp", System.getProperty("coordinator.classpath"), "org.osprey.coordinator.app.Main"));
    command.addAll(List.of("--config", config.toString()));
    return command;
  }

  /** All are held while they are chosen, so that they differ. */
  private static int[] freePorts() throws IOException {
    InetAddress loopback = InetAddress.getLoopbackAddress();
    try (ServerSocket one = new ServerSocket(0, 1, loopback);
        ServerSocket other = new ServerSocket(0, 1, loopback);
        ServerSocket third = new ServerSocket(0, 1, loopback)) {
      return new int[] {one.getLocalPort(), other.getLocalPort(), third.getLocalPort()};
    }
  }

  private void awaitPorts() throws IOException, InterruptedException {
    await(workerPort);
    await(syncPort);
  }

  /** Returns when it accepts HTTP, which may be later than the rest. */
  void awaitHttp() throws IOException, InterruptedException {
    await(httpPort);
  }

  private void await(int port) throws IOException, InterruptedException {
    long start = System.nanoTime();
    while (!accepts(port)) {
      if (!jvm.isAlive() || System.nanoTime() - start > PATIENCE_NANOS) {
        throw new IOException("the coordinator did not start: " + log());
      }
      Thread.sleep(2);
    }
  }

  private static boolean accepts(int port) {
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 1000);
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  private String log() throws IOException {
    return Files.readString(folder.resolve("coordinator.log"));
  }

  @Override
  public void close() throws IOException {
    jvm.close();
    Folders.delete(folder);
  }
}
