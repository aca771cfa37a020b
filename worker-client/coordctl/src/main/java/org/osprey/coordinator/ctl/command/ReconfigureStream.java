package org.osprey.coordinator.ctl.command;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.Callable;
import org.osprey.coordinator.ctl.api.Json;
import org.osprey.coordinator.ctl.console.Exit;
import org.osprey.coordinator.ctl.view.StreamTables;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

/** Another configuration. */
@Command(
    name = "reconfigure",
    description = "Gives a stream another configuration, from which it begins anew.")
final class ReconfigureStream implements Callable<Exit> {
  private final Coordctl root;

  @Parameters(paramLabel = "ID", description = "As list prints it.")
  private String id = "";

  @Mixin private final StreamConfig config = new StreamConfig();

  ReconfigureStream(Coordctl root) {
    this.root = root;
  }

  @Override
  public Exit call() throws IOException {
    byte[] body = Json.bytes(config.read(root.console()));
    JsonNode answer = root.api().put(StreamsCommand.path(id), body);
    root.show(answer, changed -> StreamTables.changed(List.of(changed)));
    return Exit.OK;
  }
}
