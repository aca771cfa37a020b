package org.osprey.coordinator.ctl.command;

import java.util.List;
import java.util.concurrent.Callable;
import org.osprey.coordinator.ctl.api.Api;
import org.osprey.coordinator.ctl.console.Exit;
import org.osprey.coordinator.ctl.view.StreamTables;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

/** A scene out of turn. */
@Command(name = "scene", description = "Has a stream go to one of its scenes at once.")
final class GoToScene implements Callable<Exit> {
  private final Coordctl root;

  @Parameters(index = "0", paramLabel = "ID", description = "As list prints it.")
  private String id = "";

  @Parameters(index = "1", paramLabel = "SCENE", description = "Its name, as show prints it.")
  private String scene = "";

  GoToScene(Coordctl root) {
    this.root = root;
  }

  @Override
  public Exit call() {
    String path = StreamsCommand.path(id) + "/scene/" + Api.segment(scene);
    JsonNode answer = root.api().order(path);
    root.show(answer, changed -> StreamTables.changed(List.of(changed)));
    return Exit.OK;
  }
}
