package org.osprey.coordinator.testdata;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class TestDataTest {

  @Test
  void namesEveryMistake() throws Exception {
    Program program =
        Program.ended(
            List.of("calls"),
            Map.of(
                "TEST_DATA_TARGET", "nowhere",
                "TEST_DATA_RATE", "-1",
                "TEST_DATA_REPORT_SECS", "0"));
    assertEquals(2, program.status());
    assertEquals(
        List.of(
            "TEST_DATA_TARGET: want host:port, got nowhere",
            "TEST_DATA_RATE: want a number from 0.001 to 100000.0, got -1",
            "TEST_DATA_REPORT_SECS: want a whole number from 1 to 86400, got 0"),
        program.errors().lines().toList());
  }

  @Test
  void wantsOneCommand() throws Exception {
    for (List<String> arguments :
        List.of(List.<String>of(), List.of("kafak"), List.of("kafka", "calls"))) {
      Program program = Program.ended(arguments, Map.of());
      assertEquals(2, program.status());
      assertTrue(program.errors().startsWith("expected one of kafka, calls, topic, ids, --help"));
    }
  }

  @Test
  void helpNamesEveryVariable() throws Exception {
    Program program = Program.ended(List.of("--help"), Map.of());
    assertEquals(0, program.status());
    for (String name : names()) {
      assertTrue(program.output().contains(name), name);
    }
  }

  @Test
  void saysWhichPortIsTaken() throws Exception {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      Program program =
          Program.ended(
              List.of("ids"),
              Map.of("BIND_ADDRESS", "127.0.0.1", "PORT", Integer.toString(taken.getLocalPort())));
      assertEquals(1, program.status());
      assertTrue(
          program
              .errors()
              .startsWith("cannot listen on 127.0.0.1:%d (PORT)".formatted(taken.getLocalPort())),
          program::errors);
    }
  }

  private static Set<String> names() {
    Variables variables = new Variables(Map.of());
    KafkaTopic.read(variables);
    KafkaTopic.partitions(variables);
    SyncPort.read(variables);
    ActionStream.Settings.read(variables);
    IdServer.Settings.read(variables);
    return variables.asked();
  }
}
