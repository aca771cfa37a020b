package org.osprey.coordinator.it;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.InvalidProtocolBufferException;
import io.nats.client.Connection;
import io.nats.client.Dispatcher;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.osprey.coordinator.nats.NatsServer;
import org.osprey.coordinator.proto.streams.v1.CommandReply;
import org.osprey.coordinator.proto.streams.v1.OrchestratorCommand;
import org.osprey.coordinator.proto.streams.v1.OrchestratorConfigDto;
import org.osprey.coordinator.proto.streams.v1.PauseCommand;
import org.osprey.coordinator.proto.streams.v1.RegisterCommand;
import org.osprey.coordinator.proto.streams.v1.Result;
import org.osprey.coordinator.proto.streams.v1.SceneConfigDto;
import org.osprey.coordinator.proto.streams.v1.StartCommand;
import org.osprey.coordinator.proto.streams.v1.SubscriptionCommand;

/**
 * Very many commands over real NATS and HTTP. {@code -Dflood.commands=100000 -Drace.streams=10000}
 * gives it its full length.
 */
@Timeout(900)
class StreamFloodTest {
  private static final int COMMANDS = Integer.getInteger("flood.commands", 5_000);
  private static final int RACES = Integer.getInteger("race.streams", 500);
  private static final int CALLERS = 8;
  private static final Duration PATIENCE = Duration.ofMinutes(2);
  private static final long TOTAL = 1_700;
  private static final String LOOP =
      "\"scenes\":[{\"name\":\"A\",\"duration_ms\":700},{\"name\":\"B\",\"duration_ms\":1000}],"
          + "\"tick_interval_ms\":100,\"loop_scenes\":true";

  @TempDir private Path folder;

  /** How often there was each result. */
  private final Map<Result, LongAdder> results = new ConcurrentHashMap<>();

  private int reported;
  private @Nullable Scrape last;

  @Test
  void nobodyWatchesAStreamThatIsNotThere() throws Exception {
    try (NatsServer nats = NatsServer.start();
        StreamsFixture streams = new StreamsFixture(folder, StreamsFixture.over(nats.url()));
        NatsStreamWatcher one = new NatsStreamWatcher(nats.url());
        NatsStreamWatcher other = new NatsStreamWatcher(nats.url());
        ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
      awaitServed(one.connection());
      Semaphore room = new Semaphore(64);
      CountDownLatch left = new CountDownLatch(RACES);
      for (int i = 0; i < RACES; i++) {
        String id = "race-" + i;
        boolean registerFirst = i % 2 == 0;
        room.acquire();
        Future<?> unused =
            callers.submit(
                () -> {
                  race(id, registerFirst ? one : other, registerFirst ? other : one);
                  room.release();
                  left.countDown();
                });
      }
      assertTrue(left.await(PATIENCE.toSeconds(), TimeUnit.SECONDS));
      int watched = 0;
      for (int i = 0; i < RACES; i++) {
        watched += streams.watchers("race-" + i) == 1 ? 1 : 0;
      }
      System.out.printf(
          "streams race streams=%d watched=%d results=%s%n", RACES, watched, results());
      assertEquals(RACES, watched);
      assertEquals(Set.of(Result.RESULT_OK), results().keySet());
    }
  }

  /** Until then nobody answers. */
  private static void awaitServed(Connection client) {
    await()
        .atMost(PATIENCE)
        .until(
            () ->
                client.request("orchestrator.command", pause("none").toByteArray(), PATIENCE)
                    != null);
  }

  /** Both at once, over two connections. */
  private void race(String id, NatsStreamWatcher registering, NatsStreamWatcher starting) {
    var registered =
        registering.connection().request("orchestrator.subscription", register(id).toByteArray());
    var started = starting.connection().request("orchestrator.command", start(id).toByteArray());
    count(registered.join().getData());
    count(started.join().getData());
  }

  @Test
  void aFloodHurtsNobodyElse() throws Exception {
    try (NatsServer nats = NatsServer.start();
        CoordinatorProcess process = setup(nats).start();
        StreamCaller caller = new StreamCaller(process::httpPort);
        NatsStreamWatcher plain = new NatsStreamWatcher(nats.url());
        StreamWatcher flooded = created("flooded", StreamModel.config(0), caller, process);
        StreamWatcher other = created("other", LOOP, caller, process)) {
      await().atMost(PATIENCE).until(() -> flooded.diary().isRunningAfter(0));
      await().atMost(PATIENCE).until(() -> other.diary().size() > 50);
      report("none", process, other.diary());
      awaitServed(plain.connection());
      floodNats(plain.connection());
      report("nats", process, other.diary());
      floodHttp(caller);
      report("http", process, other.diary());
      assertHealthy(caller, other.diary());
    }
  }

  private static StreamWatcher created(
      String id, String config, StreamCaller caller, CoordinatorProcess process) {
    caller.create(id, config);
    return new StreamWatcher(id, process::httpPort);
  }

  private void floodNats(Connection client) throws InterruptedException {
    long began = System.nanoTime();
    CountDownLatch left = new CountDownLatch(COMMANDS);
    String inbox = client.createInbox();
    Dispatcher replies =
        client.createDispatcher(
            message -> {
              count(message.getData());
              left.countDown();
            });
    Dispatcher unused = replies.subscribe(inbox);
    byte[] pause = pause("flooded").toByteArray();
    for (int i = 0; i < COMMANDS; i++) {
      client.publish("orchestrator.command", inbox, pause);
    }
    assertTrue(
        left.await(PATIENCE.toSeconds(), TimeUnit.SECONDS),
        () -> left.getCount() + " commands without a reply");
    System.out.printf(
        "streams flood=nats commands=%d took_ms=%d results=%s%n",
        COMMANDS, (System.nanoTime() - began) / 1_000_000, results());
    assertTrue(Set.of(Result.RESULT_OK, Result.RESULT_TOO_MANY).containsAll(results().keySet()));
    assertTrue(results().containsKey(Result.RESULT_OK));
  }

  private static void floodHttp(StreamCaller caller) throws Exception {
    long began = System.nanoTime();
    Map<Integer, LongAdder> statuses = new ConcurrentHashMap<>();
    try (ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
      var calls =
          IntStream.range(0, CALLERS)
              .mapToObj(
                  number ->
                      callers.submit(
                          () -> {
                            for (int i = 0; i < COMMANDS / CALLERS; i++) {
                              int status = caller.post("/streams/flooded/pause").status();
                              statuses.computeIfAbsent(status, s -> new LongAdder()).increment();
                            }
                            return null;
                          }))
              .toList();
      for (Future<?> call : calls) {
        call.get();
      }
    }
    System.out.printf(
        "streams flood=http commands=%d took_ms=%d statuses=%s%n",
        COMMANDS, (System.nanoTime() - began) / 1_000_000, new TreeMap<>(statuses));
    assertTrue(Set.of(200, 429).containsAll(statuses.keySet()), statuses::toString);
  }

  /** What has come since the last report. */
  private void report(String flood, CoordinatorProcess process, StreamDiary other) {
    Scrape scrape = Scrape.of("http://127.0.0.1:" + process.httpPort());
    List<SeenState> states = other.all();
    long gap = 0;
    for (int i = Math.max(1, reported); i < states.size(); i++) {
      gap = Math.max(gap, states.get(i).serverTime() - states.get(i - 1).serverTime());
    }
    System.out.printf(
        "streams flood=%s p99_lateness_s=%s updates=%d longest_gap_ms=%d%n",
        flood,
        scrape.quantile("streams_lateness_seconds", 0.99, last),
        states.size() - reported,
        gap);
    reported = states.size();
    last = scrape;
  }

  private static void assertHealthy(StreamCaller caller, StreamDiary other) throws IOException {
    int before = other.size();
    await().atMost(PATIENCE).until(() -> other.size() > before + 20);
    long off = other.offTruth(other.epoch(), TOTAL);
    assertTrue(off <= SteeredStream.TICK, () -> "off by " + off + " ms");
    assertEquals(0, other.disorders());
    assertEquals(200, caller.call("GET", "/health/ready", null).status());
    await()
        .atMost(PATIENCE)
        .ignoreExceptionsInstanceOf(IOException.class)
        .until(() -> caller.post("/streams/flooded/resume").status() == 200);
  }

  private void count(byte[] reply) {
    try {
      Result result = CommandReply.parseFrom(reply).getResult();
      results.computeIfAbsent(result, none -> new LongAdder()).increment();
    } catch (InvalidProtocolBufferException e) {
      throw new AssertionError(e);
    }
  }

  private Map<Result, LongAdder> results() {
    return new TreeMap<>(results);
  }

  private static OrchestratorCommand start(String id) {
    OrchestratorConfigDto config =
        OrchestratorConfigDto.newBuilder()
            .addScenes(SceneConfigDto.newBuilder().setName("A").setDurationMs(3_600_000))
            .setTickIntervalMs(60_000)
            .build();
    return OrchestratorCommand.newBuilder()
        .setStart(StartCommand.newBuilder().setStreamId(id).setConfig(config))
        .build();
  }

  private static SubscriptionCommand register(String id) {
    return SubscriptionCommand.newBuilder()
        .setRegister(
            RegisterCommand.newBuilder()
                .setStreamId(id)
                .setClientId("client")
                .setSourceAddr("127.0.0.1:1"))
        .build();
  }

  private static OrchestratorCommand pause(String id) {
    return OrchestratorCommand.newBuilder()
        .setPause(PauseCommand.newBuilder().setStreamId(id))
        .build();
  }

  private CoordinatorProcess.Setup setup(NatsServer nats) {
    return new CoordinatorProcess.Setup(
        folder,
        """
        rpc: {bindAddress: 127.0.0.1}
        http: {bindAddress: 127.0.0.1}
        database: {file: "%s"}
        startup: {warmUp: 0s}
        streams: {enabled: true%s}
        """
            .formatted(folder.resolve("streams.db"), StreamsFixture.over(nats.url())));
  }
}
