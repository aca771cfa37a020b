package org.osprey.coordinator.streams.gateway;

import io.javalin.http.Context;
import io.javalin.http.Header;
import io.javalin.http.HttpStatus;
import io.javalin.router.JavalinDefaultRoutingApi;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import org.osprey.coordinator.http.HttpRoutes;
import org.osprey.coordinator.http.Need;
import org.osprey.coordinator.http.ProblemException;
import org.osprey.coordinator.proto.streams.v1.CommandReply;
import org.osprey.coordinator.proto.streams.v1.ForceSceneCommand;
import org.osprey.coordinator.proto.streams.v1.OrchestratorCommand;
import org.osprey.coordinator.proto.streams.v1.PauseCommand;
import org.osprey.coordinator.proto.streams.v1.ReconfigureCommand;
import org.osprey.coordinator.proto.streams.v1.ResumeCommand;
import org.osprey.coordinator.proto.streams.v1.SkipSceneCommand;
import org.osprey.coordinator.proto.streams.v1.StartCommand;
import org.osprey.coordinator.proto.streams.v1.StopCommand;
import org.osprey.coordinator.proto.streams.v1.UpdateStreamStatusCommand;

/** Makes and steers streams. */
final class CommandRoutes implements HttpRoutes {
  private static final int MOST_BYTES = 256 * 1024;
  private static final String ID = "stream_id";
  private static final String STREAM = "/streams/{stream_id}";

  private static final List<String> STATUS_FIELDS =
      List.of("is_streaming", "stream_time", "timecode");

  private final StreamRequests requests;
  private final RandomGenerator random;

  CommandRoutes(StreamRequests requests, RandomGenerator random) {
    this.requests = requests;
    this.random = random;
  }

  @Override
  public void addTo(JavalinDefaultRoutingApi routes) {
    routes.post("/streams", this::create, Need.OPERATOR);
    routes.put(STREAM, this::reconfigure, Need.OPERATOR);
    routes.put(STREAM + "/status", this::updateStatus, Need.OPERATOR);
    routes.post(
        STREAM + "/start",
        context -> steer(context, "started", CommandRoutes::start),
        Need.OPERATOR);
    routes.post(
        STREAM + "/pause",
        context -> steer(context, "paused", CommandRoutes::pause),
        Need.OPERATOR);
    routes.post(
        STREAM + "/resume",
        context -> steer(context, "resumed", CommandRoutes::resume),
        Need.OPERATOR);
    routes.post(
        STREAM + "/skip", context -> steer(context, "went on", CommandRoutes::skip), Need.OPERATOR);
    routes.post(
        STREAM + "/stop", context -> steer(context, "stopped", CommandRoutes::stop), Need.OPERATOR);
    routes.post(STREAM + "/scene/{name}", this::forceScene, Need.OPERATOR);
  }

  private void create(Context context) {
    List<String> known = new ArrayList<>(ConfigJson.FIELDS);
    known.add(ID);
    Fields body = Fields.of(body(context), known);
    String given = body.text(ID);
    String id = given == null ? RandomId.of(random) : given;
    StartCommand.Builder start =
        StartCommand.newBuilder().setStreamId(id).setConfig(ConfigJson.read(body));
    requests.ask(OrchestratorCommand.newBuilder().setStart(start).build());
    context.status(HttpStatus.CREATED).header(Header.LOCATION, "/streams/" + id).json(created(id));
  }

  private static Map<String, String> created(String id) {
    Map<String, String> answer = new LinkedHashMap<>();
    answer.put(ID, id);
    answer.put("message", "Stream created successfully");
    return answer;
  }

  private void reconfigure(Context context) {
    Fields body = Fields.of(body(context), ConfigJson.FIELDS);
    ReconfigureCommand command =
        ReconfigureCommand.newBuilder()
            .setStreamId(context.pathParam(ID))
            .setConfig(ConfigJson.read(body))
            .build();
    change(
        context,
        "Stream reconfigured",
        OrchestratorCommand.newBuilder().setReconfigure(command).build());
  }

  private void updateStatus(Context context) {
    Fields body = Fields.of(body(context), STATUS_FIELDS);
    Boolean streaming = body.flag("is_streaming");
    if (streaming == null) {
      throw body.missing("is_streaming", "true or false");
    }
    Long time = body.number("stream_time");
    String timecode = body.text("timecode");
    UpdateStreamStatusCommand command =
        UpdateStreamStatusCommand.newBuilder()
            .setStreamId(context.pathParam(ID))
            .setIsStreaming(streaming)
            .setStreamTime(time == null ? 0 : time)
            .setTimecode(timecode == null ? "" : timecode)
            .build();
    change(
        context,
        "Status updated",
        OrchestratorCommand.newBuilder().setUpdateStreamStatus(command).build());
  }

  private void forceScene(Context context) {
    ForceSceneCommand command =
        ForceSceneCommand.newBuilder()
            .setStreamId(context.pathParam(ID))
            .setSceneName(context.pathParam("name"))
            .build();
    change(
        context, "Scene forced", OrchestratorCommand.newBuilder().setForceScene(command).build());
  }

  private void steer(
      Context context, String done, Function<String, OrchestratorCommand.Builder> command) {
    change(context, "Stream " + done, command.apply(context.pathParam(ID)).build());
  }

  private void change(Context context, String done, OrchestratorCommand command) {
    CommandReply reply = requests.ask(command);
    String message = reply.getMessage().isEmpty() ? done : reply.getMessage();
    context
        .contentType("application/json")
        .result(StreamJson.changed(context.pathParam(ID), message, reply));
  }

  private static OrchestratorCommand.Builder start(String id) {
    return OrchestratorCommand.newBuilder().setStart(StartCommand.newBuilder().setStreamId(id));
  }

  private static OrchestratorCommand.Builder pause(String id) {
    return OrchestratorCommand.newBuilder().setPause(PauseCommand.newBuilder().setStreamId(id));
  }

  private static OrchestratorCommand.Builder resume(String id) {
    return OrchestratorCommand.newBuilder().setResume(ResumeCommand.newBuilder().setStreamId(id));
  }

  private static OrchestratorCommand.Builder skip(String id) {
    return OrchestratorCommand.newBuilder()
        .setSkipScene(SkipSceneCommand.newBuilder().setStreamId(id));
  }

  private static OrchestratorCommand.Builder stop(String id) {
    return OrchestratorCommand.newBuilder().setStop(StopCommand.newBuilder().setStreamId(id));
  }

  /** JSON, not too much of it. */
  private static byte[] body(Context context) {
    String type = String.valueOf(context.contentType()).toLowerCase(Locale.ROOT);
    if (!type.startsWith("application/json")) {
      throw new ProblemException(
          HttpStatus.UNSUPPORTED_MEDIA_TYPE, "Content-Type: want application/json");
    }
    if (context.req().getContentLengthLong() > MOST_BYTES) {
      throw tooLarge();
    }
    byte[] body = context.bodyAsBytes();
    if (body.length > MOST_BYTES) {
      throw tooLarge();
    }
    return body;
  }

  private static ProblemException tooLarge() {
    return new ProblemException(
        HttpStatus.CONTENT_TOO_LARGE,
        "the body is too large, want at most %d bytes".formatted(MOST_BYTES));
  }
}
