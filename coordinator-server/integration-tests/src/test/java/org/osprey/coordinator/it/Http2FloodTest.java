package org.osprey.coordinator.it;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.osprey.coordinator.rpc.Attack;
import org.osprey.coordinator.rpc.Attacks;
import org.osprey.coordinator.rpc.RawHttp2;

/**
 * Rows R28 and R29 of the fault table: whoever floods a port is cut, and a caller beside it goes
 * on. {@code -Dfault.strict=true} wants it cut within the row's second, which takes a quiet
 * machine.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class Http2FloodTest {
  private static final Duration LIMIT =
      Boolean.getBoolean("fault.strict") ? Duration.ofSeconds(1) : Duration.ofMinutes(1);

  private final CoordinatorTester tester = CoordinatorTester.start();

  @BeforeAll
  void connect() {
    GrpcPort.silenceWarnings();
    tester.worker().ackingAll();
  }

  @AfterAll
  void close() {
    tester.close();
  }

  static Stream<Arguments> floods() {
    return Attacks.all().stream()
        .flatMap(
            attack -> Arrays.stream(GrpcPort.values()).map(port -> Arguments.of(port, attack)));
  }

  @ParameterizedTest
  @MethodSource("floods")
  void aFloodIsCut(GrpcPort port, Attack attack) throws IOException {
    try (Neighbour neighbour = Neighbour.of(tester)) {
      await().until(() -> neighbour.calls() > 0);
      Attack.Result result = port.attack(tester, attack, LIMIT);
      int during = neighbour.calls();
      report(port, attack, result, neighbour);
      assertTrue(result.cut(), () -> "not cut within " + LIMIT + ": " + result);
      await().until(() -> neighbour.calls() > during);
      neighbour.check();
    }
  }

  /**
   * No flood: where a server keeps to that limit, each answer fails at a cost; here each is sent.
   */
  @ParameterizedTest
  @EnumSource
  void whoSaysHeTakesNoHeadersIsAnsweredAllTheSame(GrpcPort port) throws IOException {
    try (RawHttp2 client = port.connect(tester)) {
      client.begin(RawHttp2.setting(RawHttp2.MAX_HEADER_LIST, 1));
      client
          .frame(
              RawHttp2.HEADERS,
              RawHttp2.END_HEADERS | RawHttp2.END_STREAM,
              1,
              RawHttp2.callHeaders(port.path()))
          .flush();
      assertTrue(client.firstEnd().startsWith("grpc-status "), client::firstEnd);
    }
  }

  private static void report(
      GrpcPort port, Attack attack, Attack.Result result, Neighbour neighbour) {
    System.out.printf(
        "%s flood=\"%s\" port=%s cut_ms=%d goaway=%d accepted=%d completed=%d slowest_ms=%d%n",
        attack.row(),
        attack.name(),
        port,
        result.after().toMillis(),
        result.goAway(),
        neighbour.calls(),
        neighbour.calls(),
        neighbour.slowest().toMillis());
  }
}
