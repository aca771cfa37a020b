package org.osprey.coordinator.it;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.osprey.coordinator.rpc.RawHttp2;

/**
 * Row R27 of the fault table: what is no HTTP/2, no gRPC or no message ends its connection or its
 * stream and nothing else. {@code -Dfault.seconds=300} makes the fuzzing longer, {@code
 * -Dfault.seed} repeats it.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class Http2FuzzTest {
  private static final int SECONDS = Integer.getInteger("fault.seconds", 4);
  private static final long SEED = Long.getLong("fault.seed", 27);
  private static final int STREAM = 1;
  private static final long PATIENCE_MILLIS = TimeUnit.MINUTES.toMillis(1);
  private static final long MEBIBYTE = 1 << 20;

  private final CoordinatorTester tester = CoordinatorTester.start();

  /** A message that is none. */
  enum Bad {
    CUT_PREFIX(new byte[3]),
    CUT_MESSAGE(RawHttp2.message(0, 100, new byte[10])),
    OVERSIZE(RawHttp2.message(0, Integer.MAX_VALUE)),
    NEGATIVE_LENGTH(RawHttp2.message(0, -1)),
    NO_CODEC(RawHttp2.message(1, 1, (byte) 0)),
    UNKNOWN_FLAG(RawHttp2.message(9, 0)),
    NO_PROTOBUF(RawHttp2.message(0, 3, (byte) 255, (byte) 255, (byte) 255));

    @SuppressWarnings("ImmutableEnumChecker") // nobody writes to it
    private final byte[] data;

    Bad(byte... data) {
      this.data = data;
    }
  }

  @BeforeAll
  void connect() {
    GrpcPort.silenceWarnings();
    tester.worker().ackingAll();
  }

  @AfterAll
  void close() {
    tester.close();
  }

  static Stream<Arguments> beginnings() {
    return onBothPorts(
        Stream.of(
            "GET / HTTP/1.1\r\nHost: a\r\n\r\n", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\r", "\0\0\0\0"));
  }

  @ParameterizedTest
  @MethodSource("beginnings")
  void aBadPrefaceIsCut(GrpcPort port, String beginning) throws IOException {
    try (RawHttp2 client = port.connect(tester)) {
      client.raw(beginning.repeat(4).getBytes(US_ASCII)).flush();
      assertNotEquals(-1, client.awaitCut(PATIENCE_MILLIS));
    }
  }

  static Stream<Arguments> messages() {
    return onBothPorts(Arrays.stream(Bad.values()));
  }

  @ParameterizedTest
  @MethodSource("messages")
  void aBadMessageEndsItsStreamOnly(GrpcPort port, Bad bad) throws IOException {
    try (RawHttp2 client = port.connect(tester)) {
      client.begin().call(STREAM, port.path());
      client.frame(RawHttp2.DATA, RawHttp2.END_STREAM, STREAM, bad.data).flush();
      // A status, or a reset where the answer had begun.
      assertFalse(Set.of("cut", "grpc-status 0").contains(client.firstEnd()), client::firstEnd);
      assertFalse(client.isCut());
    }
  }

  @ParameterizedTest
  @EnumSource
  void nobodyMindsNoise(GrpcPort port) throws IOException {
    Random random = new Random(SEED);
    int inputs = 0;
    long heap = 0;
    try (Neighbour neighbour = Neighbour.of(tester)) {
      await().until(() -> neighbour.calls() > 0);
      int before = port.connections(tester);
      long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(SECONDS);
      for (; System.nanoTime() < end || inputs < 100; inputs++) {
        heap = inputs == 50 ? usedHeap() : heap;
        makeNoise(port, random);
      }
      neighbour.check();
      await().until(() -> port.connections(tester) <= before);
      long grown = usedHeap() - heap;
      System.out.printf(
          "R27 port=%s seed=%d inputs=%d accepted=%d completed=%d slowest_ms=%d heap_grown_kib=%d%n",
          port,
          SEED,
          inputs,
          neighbour.calls(),
          neighbour.calls(),
          neighbour.slowest().toMillis(),
          grown / 1024);
      assertTrue(grown < 16 * MEBIBYTE, () -> "the heap has grown by " + grown);
    }
  }

  /** Something that begins well, so that it gets past the first look; it ends with the input. */
  private void makeNoise(GrpcPort port, Random random) throws IOException {
    try (RawHttp2 client = port.connect(tester)) {
      try {
        client.begin().call(STREAM, port.path());
        for (int i = random.nextInt(20); i >= 0; i--) {
          sayAnything(client, port, random);
        }
        client.end();
      } catch (IOException e) {
        // The server has heard enough already.
      }
      assertNotEquals(-1, client.awaitCut(PATIENCE_MILLIS), "the server holds on to it");
    }
  }

  private static void sayAnything(RawHttp2 client, GrpcPort port, Random random)
      throws IOException {
    int stream = random.nextInt(4) == 0 ? random.nextInt() : random.nextInt(6);
    byte[] noise = new byte[random.nextInt(64)];
    random.nextBytes(noise);
    switch (random.nextInt(5)) {
      case 0 -> client.frame(random.nextInt(256), random.nextInt(256), stream, noise);
      case 1 -> client.frame(random.nextInt(10), random.nextInt(64), stream, noise);
      case 2 -> client.frame(RawHttp2.HEADERS, 4, stream, mutated(port, random));
      case 3 ->
          client.frame(
              RawHttp2.DATA, random.nextInt(2), STREAM, RawHttp2.message(0, noise.length, noise));
      default -> client.raw(noise);
    }
  }

  private static byte[] mutated(GrpcPort port, Random random) {
    byte[] block = RawHttp2.callHeaders(port.path());
    for (int i = random.nextInt(4); i > 0; i--) {
      block[random.nextInt(block.length)] ^= (byte) (1 << random.nextInt(8));
    }
    return Arrays.copyOf(block, block.length - random.nextInt(2) * random.nextInt(block.length));
  }

  private static long usedHeap() {
    System.gc();
    Runtime runtime = Runtime.getRuntime();
    return runtime.totalMemory() - runtime.freeMemory();
  }

  private static Stream<Arguments> onBothPorts(Stream<?> cases) {
    List<?> all = cases.toList();
    return Arrays.stream(GrpcPort.values())
        .flatMap(port -> all.stream().map(each -> Arguments.of(port, each)));
  }
}
