package org.osprey.coordinator.ctl.command;

import java.util.List;
import java.util.concurrent.Callable;
import org.osprey.coordinator.ctl.api.Api;
import org.osprey.coordinator.ctl.api.Field;
import org.osprey.coordinator.ctl.api.Json;
import org.osprey.coordinator.ctl.console.Exit;
import org.osprey.coordinator.ctl.view.Views;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Tells sources to stop or to go on, one after the other. */
abstract class SteerSources implements Callable<Exit> {
  private final Coordctl root;
  private final String verb;

  @Parameters(arity = "1..*", paramLabel = "SOURCE", description = "Names, as sources lists them.")
  private List<String> names = List.of();

  private SteerSources(Coordctl root, String verb) {
    this.root = root;
    this.verb = verb;
  }

  @Override
  public Exit call() {
    Api api = root.api();
    ObjectNode steered = Json.object();
    ArrayNode sources = steered.putArray("sources");
    for (String name : names) {
      sources.add(api.order("/api/sources/" + Api.segment(name) + "/" + verb));
    }
    root.show(steered, answer -> Views.sources(Field.list(answer, "sources")));
    return Exit.OK;
  }

  @Command(
      name = "pause",
      description = "Takes nothing more from a source, until resume or the next start.")
  static final class Pause extends SteerSources {
    Pause(Coordctl root) {
      super(root, "pause");
    }
  }

  @Command(name = "resume", description = "Takes actions from a paused source again.")
  static final class Resume extends SteerSources {
    Resume(Coordctl root) {
      super(root, "resume");
    }
  }
}
