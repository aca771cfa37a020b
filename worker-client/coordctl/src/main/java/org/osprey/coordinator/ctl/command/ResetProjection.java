package org.osprey.coordinator.ctl.command;

import java.util.concurrent.Callable;
import org.osprey.coordinator.ctl.api.Api;
import org.osprey.coordinator.ctl.api.Field;
import org.osprey.coordinator.ctl.api.Json;
import org.osprey.coordinator.ctl.console.Exit;
import org.osprey.coordinator.ctl.view.ReplicaSetTables;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Has events handled again. */
@Command(
    name = "reset",
    description = {
      "Has a projection begin again behind a position; what it has parked is",
      "forgotten. All workers of the set stop and start for it."
    })
final class ResetProjection implements Callable<Exit> {
  private final Coordctl root;

  @Parameters(index = "0", paramLabel = "SET", description = "As list prints it.")
  private String name = "";

  @Parameters(index = "1", paramLabel = "PROJECTION", description = "As show prints it.")
  private String projection = "";

  @Option(
      names = "--position",
      paramLabel = "N",
      required = true,
      description = "Of the last event not to handle again; 0 for all.")
  private long position;

  @Mixin private final Confirmation confirmation = new Confirmation();

  ResetProjection(Coordctl root) {
    this.root = root;
  }

  @Override
  public Exit call() {
    Api api = root.api();
    confirmation.ask(
        root.console(),
        "Reset %s of %s to position %d at %s?".formatted(projection, name, position, api.base()));
    ObjectNode body = Json.object().put("position", position);
    JsonNode set =
        api.post(ReplicaSetsCommand.path(name, projection) + "/reset", Json.bytes(body), Api.USUAL);
    root.show(set, all -> ReplicaSetTables.projections(Field.list(set, "projections")));
    return Exit.OK;
  }
}
