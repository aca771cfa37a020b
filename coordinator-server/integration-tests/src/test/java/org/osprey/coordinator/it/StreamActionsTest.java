package org.osprey.coordinator.it;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.grpc.ManagedChannel;
import io.grpc.netty.NettyChannelBuilder;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.osprey.coordinator.proto.bidirectional_stream.v1.OspreyCoordinatorAction;

/**
 * Actions of scenes reach a worker once for each scene that begins, by their ids, also when the
 * coordinator is killed meanwhile. {@code -Dfault.kills=20} gives it its full length.
 */
@Timeout(900)
class StreamActionsTest {
  private static final int KILLS = Integer.getInteger("fault.kills", 1);
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final int SCENES = 2;
  private static final int LOOPS_BETWEEN = 5;
  private static final String ID = "show";
  private static final String CONFIG =
      "\"scenes\":["
          + "{\"name\":\"A\",\"duration_ms\":200,\"action_name\":\"light\",\"data\":{\"on\":1}},"
          + "{\"name\":\"B\",\"duration_ms\":200,\"action_name\":\"light\",\"data\":{\"on\":0}}],"
          + "\"loop_scenes\":true,\"missed_scenes\":\"fire_last\"";

  @TempDir private Path folder;

  /** How often each action came. */
  private final Map<Long, Integer> received = new ConcurrentHashMap<>();

  private final AtomicReference<CoordinatorProcess> process = new AtomicReference<>();

  @Test
  void eachSceneActsOnce() throws Exception {
    CoordinatorProcess.Setup setup = setup();
    process.set(setup.start());
    ManagedChannel channel = work();
    try (StreamCaller caller = new StreamCaller(() -> process.get().httpPort())) {
      caller.create(ID, CONFIG);
      try (StreamWatcher watcher = new StreamWatcher(ID, () -> process.get().httpPort())) {
        Set<Long> maybeMissed = new HashSet<>();
        awaitLoops(watcher.diary(), 0);
        assertEquals(0, repeated());
        for (int kill = 0; kill < KILLS; kill++) {
          long epoch = watcher.diary().epoch();
          process.get().kill();
          channel.shutdownNow();
          SeenState before = watcher.diary().last();
          process.set(setup.start());
          channel = work();
          awaitLoops(watcher.diary(), epoch);
          SeenState after = firstAfter(watcher.diary(), epoch);
          // It may have begun one more than was told, and was not there for those that followed.
          LongStream.range(entry(before), entry(after)).forEach(maybeMissed::add);
        }
        assertComplete(entry(watcher.diary().last()), maybeMissed);
      }
    } finally {
      channel.shutdownNow();
      process.get().close();
    }
  }

  /** How many scenes began before it. */
  private static long entry(SeenState state) {
    return state.loop() * SCENES + (state.scene().equals("A") ? 0 : 1);
  }

  private static SeenState firstAfter(StreamDiary diary, long epoch) {
    return diary.all().stream().filter(state -> state.epoch() > epoch).findFirst().orElseThrow();
  }

  private static void awaitLoops(StreamDiary diary, long epoch) {
    await().atMost(PATIENCE).until(() -> diary.isRunningAfter(epoch));
    long loop = firstAfter(diary, epoch).loop();
    await().atMost(PATIENCE).until(() -> diary.last().loop() > loop + LOOPS_BETWEEN);
  }

  private void assertComplete(long entries, Set<Long> maybeMissed) throws Exception {
    Map<Long, Long> wanted = new HashMap<>();
    for (long entry = 0; entry < entries; entry++) {
      wanted.put(actionId(entry / SCENES, entry % SCENES), entry);
    }
    List<Long> needed =
        wanted.entrySet().stream()
            .filter(each -> !maybeMissed.contains(each.getValue()))
            .map(Map.Entry::getKey)
            .toList();
    await().atMost(PATIENCE).until(() -> received.keySet().containsAll(needed));
    // The stream goes on meanwhile.
    Set<Long> seen = Set.copyOf(received.keySet());
    long unknown = seen.stream().filter(id -> !wanted.containsKey(id)).count();
    System.out.printf(
        "streams actions kills=%d scenes_begun=%d while_down=%d received=%d repeated=%d%n",
        KILLS,
        entries,
        maybeMissed.size(),
        seen.stream().filter(wanted::containsKey).count(),
        repeated());
    Set<Long> later = new HashSet<>();
    for (long entry = entries; entry < entries + 1_000; entry++) {
      later.add(actionId(entry / SCENES, entry % SCENES));
    }
    assertEquals(unknown, seen.stream().filter(later::contains).count(), "ids of no scene");
    assertTrue(repeated() <= 10L * KILLS, () -> repeated() + " came more than once");
  }

  private long repeated() {
    return received.values().stream().filter(times -> times > 1).count();
  }

  /** As it is promised: the same for the same scene of the same loop, on every coordinator. */
  private static long actionId(long loop, long scene) throws Exception {
    byte[] text = "%s/%d/%d/%d".formatted(ID, 1, loop, scene).getBytes(UTF_8);
    byte[] hash = MessageDigest.getInstance("SHA-256").digest(text);
    return Math.max(1, ByteBuffer.wrap(hash).getLong() & Long.MAX_VALUE);
  }

  /** A worker that acks everything. */
  private ManagedChannel work() {
    ManagedChannel channel =
        NettyChannelBuilder.forAddress("127.0.0.1", process.get().workerPort())
            .usePlaintext()
            .build();
    RawWorker worker = RawWorker.connect(channel);
    worker.handling(
        action -> {
          note(action);
          worker.ack(action);
        });
    return channel;
  }

  private void note(OspreyCoordinatorAction action) {
    assertEquals("light", action.getActionName());
    received.merge(action.getActionId(), 1, Integer::sum);
  }

  private CoordinatorProcess.Setup setup() {
    return new CoordinatorProcess.Setup(
        folder,
        """
        rpc: {bindAddress: 127.0.0.1}
        http: {bindAddress: 127.0.0.1}
        database: {file: "%s"}
        startup: {warmUp: 0s}
        streams: {enabled: true}
        """
            .formatted(folder.resolve("streams.db")));
  }
}
