package org.osprey.coordinator.ctl.command;

import java.io.IOException;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.osprey.coordinator.ctl.api.Api;
import org.osprey.coordinator.ctl.api.Field;
import org.osprey.coordinator.ctl.api.Json;
import org.osprey.coordinator.ctl.console.Exit;
import org.osprey.coordinator.ctl.text.Details;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** A new stream. */
@Command(
    name = "create",
    description = "Creates a stream. It runs as soon as somebody watches it.",
    footer = {
      "",
      "Examples:",
      "  coordctl streams create --scene Intro=3s --scene Main=10s --loop",
      "  coordctl streams create --id show --file scenes.yaml --tick 50ms"
    })
final class CreateStream implements Callable<Exit> {
  private final Coordctl root;

  @Option(
      names = "--id",
      paramLabel = "ID",
      description = "Letters, digits, _ and -, up to 64; otherwise the coordinator%nmakes one.")
  private @Nullable String id;

  @Mixin private final StreamConfig config = new StreamConfig();

  CreateStream(Coordctl root) {
    this.root = root;
  }

  @Override
  public Exit call() throws IOException {
    ObjectNode stream = config.read(root.console());
    if (id != null) {
      stream.put("stream_id", id);
    }
    JsonNode answer = root.api().post("/streams", Json.bytes(stream), Api.USUAL);
    if (root.json()) {
      root.print(answer);
    } else {
      root.print(
          new Details()
              .add("id", Field.text(answer, "stream_id"))
              .add("message", Field.text(answer, "message")));
    }
    return Exit.OK;
  }
}
