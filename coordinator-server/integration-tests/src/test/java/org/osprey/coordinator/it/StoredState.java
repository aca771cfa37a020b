package org.osprey.coordinator.it;

import static java.util.stream.Collectors.toMap;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.grpc.ManagedChannel;
import io.grpc.netty.NettyChannelBuilder;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Function;
import java.util.stream.LongStream;
import java.util.stream.StreamSupport;
import org.osprey.coordinator.proto.bidirectional_stream.v1.OspreyCoordinatorAction;
import tools.jackson.databind.JsonNode;

/**
 * Something of everything that a coordinator keeps: actions that nobody has handled, a dead letter,
 * tasks that have not ended, a stream. One process is given it, another is asked for it.
 */
final class StoredState {
  static final int TASKS = 3;

  private static final int ACTIONS = 20;
  private static final String POISON = "poison";
  private static final String ONLY = "coordinator-actions";
  private static final String STREAM = "show";
  private static final String SCENES =
      "\"scenes\":[{\"name\":\"A\",\"duration_ms\":200},{\"name\":\"B\",\"duration_ms\":300}],"
          + "\"loop_scenes\":true";
  private static final Duration PATIENCE = Duration.ofSeconds(90);

  private final CoordinatorProcess process;

  StoredState(CoordinatorProcess process) {
    this.process = process;
  }

  /** Returns when it has all of it; its services must not answer. */
  void give() throws IOException {
    try (StreamCaller caller = new StreamCaller(process::httpPort);
        TaskClient tasks = new TaskClient(process::httpPort)) {
      for (long id = 1; id <= ACTIONS; id++) {
        submit(caller, id, "login");
      }
      submit(caller, ACTIONS + 1, POISON);
      ManagedChannel channel = channel();
      RawWorker worker = RawWorker.connect(channel, ONLY, POISON);
      worker.handling(worker::nack);
      await().atMost(PATIENCE).until(() -> letters(caller).size() == 1);
      channel.shutdownNow();
      for (int task = 0; task < TASKS; task++) {
        tasks.submit(task);
      }
      caller.create(STREAM, SCENES);
    }
  }

  /** Fails unless all of it is there and is worked on; its services must answer. */
  void take() throws IOException {
    try (StreamCaller caller = new StreamCaller(process::httpPort)) {
      takeActions();
      takeDeadLetter(caller);
      takeTasks(caller);
      takeStream(caller);
    }
  }

  private static void submit(StreamCaller caller, long id, String name) throws IOException {
    String action =
        "{\"id\":\"%1$d\",\"name\":\"%2$s\",\"data\":{\"n\":%1$d},\"secret_data\":{\"s\":%1$d}}"
            .formatted(id, name);
    StreamCaller.Reply reply = caller.call("POST", "/api/actions?mode=async", action);
    assertEquals(202, reply.status(), reply::toString);
  }

  private void takeActions() {
    Map<Long, String> wanted =
        LongStream.rangeClosed(1, ACTIONS).boxed().collect(toMap(id -> id, StoredState::contents));
    Map<Long, String> got = new ConcurrentHashMap<>();
    ManagedChannel channel = channel();
    RawWorker worker = RawWorker.connect(channel, ONLY, "login");
    worker.handling(
        action -> {
          got.put(action.getActionId(), contents(action));
          worker.ack(action);
        });
    await().atMost(PATIENCE).untilAsserted(() -> assertEquals(wanted, got));
    channel.shutdownNow();
  }

  private static String contents(OspreyCoordinatorAction action) {
    return action.getJsonActionData().toStringUtf8() + action.getJsonSecretData().toStringUtf8();
  }

  private static String contents(long id) {
    return "{\"n\":%1$d}{\"s\":%1$d}".formatted(id);
  }

  private void takeDeadLetter(StreamCaller caller) throws IOException {
    JsonNode letter = letters(caller).get(0);
    assertEquals(POISON, letter.path("action_name").asString(), letter::toString);
    ManagedChannel channel = channel();
    Queue<String> got = new ConcurrentLinkedQueue<>();
    RawWorker worker = RawWorker.connect(channel, ONLY, POISON);
    worker.handling(
        action -> {
          got.add(contents(action));
          worker.ack(action);
        });
    String selection = "{\"ids\":[\"%s\"]}".formatted(letter.path("id").asString());
    StreamCaller.Reply reply = caller.call("POST", "/api/dead-letters/replay", selection);
    assertEquals(1, reply.body().path("replayed").asInt(), reply::toString);
    assertEquals(List.of(contents(ACTIONS + 1)), List.copyOf(got));
    assertTrue(letters(caller).isEmpty());
    channel.shutdownNow();
  }

  private static JsonNode letters(StreamCaller caller) throws IOException {
    return caller.call("GET", "/api/dead-letters", null).body().path("dead_letters");
  }

  private static void takeTasks(StreamCaller caller) {
    await()
        .atMost(PATIENCE)
        .untilAsserted(
            () ->
                assertEquals(
                    Map.of("COMPLETED", (long) TASKS),
                    counted(caller.call("GET", "/api/tasks", null).body())));
  }

  private static Map<String, Long> counted(JsonNode tasks) {
    List<String> statuses =
        StreamSupport.stream(tasks.spliterator(), false)
            .map(task -> task.path("status").asString())
            .toList();
    return statuses.stream()
        .distinct()
        .collect(
            toMap(Function.identity(), status -> statuses.stream().filter(status::equals).count()));
  }

  private void takeStream(StreamCaller caller) throws IOException {
    JsonNode scenes = caller.call("GET", "/streams/" + STREAM, null).body().findPath("scenes");
    assertEquals("A", scenes.path(0).path("name").asString(), scenes::toString);
    assertEquals(300, scenes.path(1).path("duration_ms").asLong(), scenes::toString);
    try (StreamWatcher watcher = new StreamWatcher(STREAM, process::httpPort)) {
      await().atMost(PATIENCE).until(() -> watcher.diary().tells(state -> state.loop() > 1));
    }
  }

  private ManagedChannel channel() {
    return NettyChannelBuilder.forAddress("127.0.0.1", process.workerPort()).usePlaintext().build();
  }
}
