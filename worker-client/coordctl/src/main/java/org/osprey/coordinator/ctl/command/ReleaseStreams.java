package org.osprey.coordinator.ctl.command;

import java.util.List;
import java.util.concurrent.Callable;
import org.osprey.coordinator.ctl.api.Api;
import org.osprey.coordinator.ctl.api.Field;
import org.osprey.coordinator.ctl.api.Json;
import org.osprey.coordinator.ctl.console.Exit;
import org.osprey.coordinator.ctl.text.Human;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Has parked events handled again. */
@Command(
    name = "release",
    description = "Has the parked events of streams handled again, in order.")
final class ReleaseStreams implements Callable<Exit> {
  private final Coordctl root;

  @Parameters(index = "0", paramLabel = "SET", description = "As list prints it.")
  private String name = "";

  @Parameters(index = "1", paramLabel = "PROJECTION", description = "As show prints it.")
  private String projection = "";

  @Parameters(
      index = "2..*",
      arity = "1..*",
      paramLabel = "STREAM",
      description = "Streams, as parked prints them.")
  private List<String> streams = List.of();

  ReleaseStreams(Coordctl root) {
    this.root = root;
  }

  @Override
  public Exit call() {
    String path = ReplicaSetsCommand.path(name, projection) + "/release";
    long released = 0;
    for (String stream : streams) {
      ObjectNode body = Json.object().put("stream_id", stream);
      JsonNode answer = root.api().post(path, Json.bytes(body), Api.USUAL);
      released += Field.number(answer, "released");
    }
    if (root.json()) {
      root.print(Json.object().put("released", released));
    }
    root.say("released: " + Human.count(released));
    return Exit.OK;
  }
}
