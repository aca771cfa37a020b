package org.osprey.coordinator.it;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.CodedOutputStream;
import io.nats.client.Connection;
import io.nats.client.Message;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.osprey.coordinator.it.StreamCaller.Reply;
import org.osprey.coordinator.nats.NatsServer;
import org.osprey.coordinator.proto.streams.v1.CommandReply;
import org.osprey.coordinator.proto.streams.v1.Result;

/**
 * The session that streams promise to serve, over HTTP and as a client that knows nothing but the
 * numbers of the original's messages has it.
 */
@Timeout(180)
class StreamSessionTest {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final long TOTAL = 15_000;

  /** As it stands in the document that streams promise to serve. */
  private static final String BODY =
      """
      {
          "scenes": [
            {"name": "Intro", "duration_ms": 3000},
            {"name": "Main", "duration_ms": 10000},
            {"name": "Outro", "duration_ms": 2000}
          ],
          "tick_interval_ms": 100
        }
      """;

  @TempDir private Path folder;

  @Test
  void scenesChangeOnTime() throws IOException {
    Path one = Files.createDirectory(folder.resolve("memory"));
    Path other = Files.createDirectory(folder.resolve("nats"));
    try (NatsServer nats = NatsServer.start();
        StreamsFixture memory = new StreamsFixture(one);
        StreamsFixture overNats = new StreamsFixture(other, StreamsFixture.over(nats.url()));
        NatsStreamWatcher plain = new NatsStreamWatcher(nats.url());
        StreamWatcher inMemory = watch(memory, BODY);
        StreamWatcher natively = watch(overNats, BODY)) {
      Connection foreign = plain.connection();
      StreamDiary bare = plain.follow("foreign");
      awaitServed(foreign);
      foreign.publish("orchestrator.command", start("foreign", 2_000));
      foreign.publish("orchestrator.subscription", register("foreign"));
      assertScenes("memory", inMemory.diary());
      assertScenes("nats", natively.diary());
      assertScenes("foreign", bare);
    }
  }

  private static StreamWatcher watch(StreamsFixture streams, String body) throws IOException {
    try (StreamCaller caller = new StreamCaller(streams::httpPort)) {
      Reply created = caller.call("POST", "/streams", body);
      assertEquals(201, created.status());
      assertEquals("Stream created successfully", created.body().path("message").asString());
      String id = created.body().path("stream_id").asString();
      return new StreamWatcher(id, streams::httpPort);
    }
  }

  /** Measured by the coordinator's own clock, so that a slow test sees the same. */
  private static void assertScenes(String way, StreamDiary diary) {
    await().atMost(PATIENCE).until(() -> diary.tells(state -> state.mode().equals("finished")));
    List<SeenState> states = diary.all();
    long began =
        states.stream().filter(SeenState::isRunning).findFirst().orElseThrow().began(TOTAL);
    SeenState main = first(states, "Main");
    SeenState outro = first(states, "Outro");
    SeenState end = states.getLast();
    System.out.printf(
        "streams session=%s main_ms=%d outro_ms=%d end_ms=%d updates=%d disorders=%d%n",
        way,
        main.serverTime() - began,
        outro.serverTime() - began,
        end.serverTime() - began,
        states.size(),
        diary.disorders());
    assertNear(3_000, main, began);
    assertNear(13_000, outro, began);
    assertNear(15_000, end, began);
    assertEquals(0, diary.disorders());
    assertTrue(states.size() > 100, () -> states.size() + " updates in 15 s");
  }

  private static SeenState first(List<SeenState> states, String scene) {
    return states.stream().filter(state -> state.scene().equals(scene)).findFirst().orElseThrow();
  }

  private static void assertNear(long wanted, SeenState state, long began) {
    assertTrue(Math.abs(state.position() - wanted) <= SteeredStream.TICK, state::toString);
    long at = state.serverTime() - began;
    assertTrue(Math.abs(at - wanted) <= SteeredStream.TICK, () -> at + " ms: " + state);
  }

  @Test
  void itIsSteeredByTheSeedsCommands() throws IOException {
    try (StreamsFixture streams = new StreamsFixture(folder);
        StreamCaller caller = new StreamCaller(streams::httpPort);
        StreamWatcher watcher = watch(streams, BODY.replace("2000", "600000"))) {
      await().atMost(PATIENCE).until(() -> watcher.diary().isRunningAfter(0));
      Reply listed = caller.call("GET", "/streams", null);
      String id = listed.body().path(0).path("stream_id").asString();
      assertEquals("paused", steer(caller, id, "pause").mode());
      assertEquals("running", steer(caller, id, "resume").mode());
      SeenState forced = steer(caller, id, "scene/Main");
      assertEquals("Main 3000", forced.scene() + " " + forced.position());
      SeenState skipped = steer(caller, id, "skip");
      assertEquals("Outro 13000", skipped.scene() + " " + skipped.position());
      assertEquals("stopped", steer(caller, id, "stop").mode());
      await()
          .atMost(PATIENCE)
          .until(() -> watcher.diary().tells(state -> state.mode().equals("stopped")));
    }
  }

  private static SeenState steer(StreamCaller caller, String id, String verb) throws IOException {
    Reply reply = caller.post("/streams/" + id + "/" + verb);
    assertEquals(200, reply.status(), reply::toString);
    return reply.state();
  }

  @Test
  void aForeignClientSteersByTheNumbersOfTheOriginal() throws Exception {
    try (NatsServer nats = NatsServer.start();
        StreamsFixture streams = new StreamsFixture(folder, StreamsFixture.over(nats.url()));
        NatsStreamWatcher plain = new NatsStreamWatcher(nats.url())) {
      Connection foreign = plain.connection();
      StreamDiary diary = plain.follow("foreign");
      awaitServed(foreign);
      assertOk(foreign, "orchestrator.command", start("foreign", 600_000));
      assertEquals("idle", streams.stream("foreign").path("state").path("mode").asString());
      assertOk(foreign, "orchestrator.subscription", register("foreign"));
      await().atMost(PATIENCE).until(() -> diary.isRunningAfter(0));
      foreign.publish("orchestrator.command", named(3, "foreign"));
      await().atMost(PATIENCE).until(() -> diary.last().mode().equals("paused"));
      long held = diary.last().position();
      assertOk(foreign, "orchestrator.command", named(4, "foreign"));
      await().atMost(PATIENCE).until(() -> diary.last().isRunning());
      assertTrue(diary.last().position() - held < 10_000);
      foreign.publish("orchestrator.command", forceScene("foreign", "Main"));
      await().atMost(PATIENCE).until(() -> diary.last().scene().equals("Main"));
      assertOk(foreign, "orchestrator.command", named(6, "foreign"));
      await().atMost(PATIENCE).until(() -> diary.last().scene().equals("Outro"));
      foreign.publish("orchestrator.command", named(2, "foreign"));
      await().atMost(PATIENCE).until(() -> diary.last().mode().equals("stopped"));
      assertEquals(
          Result.RESULT_UNKNOWN_STREAM,
          ask(foreign, "orchestrator.command", named(3, "nobody")).getResult());
      assertEquals(0, diary.disorders());
    }
  }

  private static void assertOk(Connection client, String subject, byte[] command) throws Exception {
    assertEquals(Result.RESULT_OK, ask(client, subject, command).getResult());
  }

  /** Until then nobody answers. */
  private static void awaitServed(Connection client) {
    await()
        .atMost(PATIENCE)
        .until(() -> client.request("orchestrator.command", named(3, "nobody"), PATIENCE) != null);
  }

  private static CommandReply ask(Connection client, String subject, byte[] command)
      throws Exception {
    Message reply = Objects.requireNonNull(client.request(subject, command, PATIENCE), subject);
    return CommandReply.parseFrom(reply.getData());
  }

  // What the original's clients write, field by field

  private static byte[] start(String id, long outroMillis) {
    byte[] config =
        message(
            out -> {
              out.writeByteArray(1, scene("Intro", 3_000));
              out.writeByteArray(1, scene("Main", 10_000));
              out.writeByteArray(1, scene("Outro", outroMillis));
              out.writeUInt64(2, 100);
            });
    return command(
        1,
        out -> {
          out.writeString(1, id);
          out.writeByteArray(2, config);
        });
  }

  private static byte[] scene(String name, long millis) {
    return message(
        out -> {
          out.writeString(1, name);
          out.writeUInt64(2, millis);
        });
  }

  private static byte[] register(String id) {
    return command(
        1,
        out -> {
          out.writeString(1, id);
          out.writeString(2, "a client");
          out.writeString(3, "127.0.0.1:4711");
        });
  }

  private static byte[] forceScene(String id, String scene) {
    return command(
        5,
        out -> {
          out.writeString(1, id);
          out.writeString(2, scene);
        });
  }

  /** A command that has nothing but the stream's id. */
  private static byte[] named(int number, String id) {
    return command(number, out -> out.writeString(1, id));
  }

  private static byte[] command(int number, Fields fields) {
    return message(out -> out.writeByteArray(number, message(fields)));
  }

  /** Writes fields of a message. */
  private interface Fields {
    void writeTo(CodedOutputStream out) throws IOException;
  }

  private static byte[] message(Fields fields) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    CodedOutputStream out = CodedOutputStream.newInstance(bytes);
    try {
      fields.writeTo(out);
      out.flush();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
    return bytes.toByteArray();
  }
}
