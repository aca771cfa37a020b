package org.osprey.coordinator.tasks.samples;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MainTest {
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();

  @ParameterizedTest
  @ValueSource(
      strings = {"port", "port=x", "port=70000", "fail=2", "fail=-1", "stall=NaN", "delay=", "x=1"})
  void aMistakeIsNamed(String argument) {
    assertEquals(2, run(argument));
    String name = argument.replaceFirst("=.*", "");
    String line = err.toString(UTF_8).lines().findFirst().orElseThrow();
    assertTrue(line.startsWith("sample services: ") && line.contains(name), line);
    assertTrue(err.toString(UTF_8).contains("usage: "));
  }

  @Test
  void aTakenPortIsNamed() throws Exception {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      assertEquals(1, run("port=" + taken.getLocalPort()));
      String line = err.toString(UTF_8);
      assertTrue(line.contains("port " + taken.getLocalPort()), line);
      assertEquals(1, line.lines().count(), line);
    }
  }

  private int run(String argument) {
    return Main.run(
        List.of(argument), new PrintStream(out, true, UTF_8), new PrintStream(err, true, UTF_8));
  }
}
