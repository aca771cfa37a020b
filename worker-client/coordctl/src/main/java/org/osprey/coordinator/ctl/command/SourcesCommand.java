package org.osprey.coordinator.ctl.command;

import java.util.concurrent.Callable;
import org.osprey.coordinator.ctl.api.Field;
import org.osprey.coordinator.ctl.console.Exit;
import org.osprey.coordinator.ctl.view.Views;
import picocli.CommandLine.Command;
import tools.jackson.databind.JsonNode;

/** Where actions come from. */
@Command(name = "sources", description = "Lists the sources and how they are.")
final class SourcesCommand implements Callable<Exit> {
  private final Coordctl root;

  SourcesCommand(Coordctl root) {
    this.root = root;
  }

  @Override
  public Exit call() {
    JsonNode answer = root.api().get("/api/sources");
    if (Field.list(answer, "sources").isEmpty()) {
      root.say("no sources: actions come from callers alone");
    }
    if (root.json() || !Field.list(answer, "sources").isEmpty()) {
      root.show(answer, sources -> Views.sources(Field.list(sources, "sources")));
    }
    return Exit.OK;
  }
}
