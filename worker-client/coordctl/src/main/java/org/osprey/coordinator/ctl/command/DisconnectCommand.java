package org.osprey.coordinator.ctl.command;

import java.util.List;
import java.util.concurrent.Callable;
import org.osprey.coordinator.ctl.api.Api;
import org.osprey.coordinator.ctl.api.Json;
import org.osprey.coordinator.ctl.console.Exit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Sends workers away. */
@Command(
    name = "disconnect",
    description = "Ends worker streams once they have answered for what they hold.")
final class DisconnectCommand implements Callable<Exit> {
  private final Coordctl root;

  @Parameters(arity = "1..*", paramLabel = "ID", description = "Ids, as workers lists them.")
  private List<String> ids = List.of();

  DisconnectCommand(Coordctl root) {
    this.root = root;
  }

  @Override
  public Exit call() {
    Api api = root.api();
    ObjectNode told = Json.object();
    ArrayNode disconnected = told.putArray("disconnected");
    for (String id : ids) {
      api.order("/api/workers/" + Api.segment(id) + "/disconnect");
      disconnected.add(id);
      root.say("stream " + id + " gets nothing more and ends when nothing is out at it");
    }
    if (root.json()) {
      root.print(told);
    }
    return Exit.OK;
  }
}
