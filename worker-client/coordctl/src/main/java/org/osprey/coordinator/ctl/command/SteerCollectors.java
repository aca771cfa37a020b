package org.osprey.coordinator.ctl.command;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.osprey.coordinator.ctl.api.Api;
import org.osprey.coordinator.ctl.console.Exit;
import org.osprey.coordinator.ctl.view.CollectorTables;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

/** Tells collectors what to do, one after the other. */
abstract class SteerCollectors implements Callable<Exit> {
  private final Coordctl root;
  private final String verb;

  @Parameters(arity = "1..*", paramLabel = "NAME", description = "Names, as list prints them.")
  private List<String> names = List.of();

  private SteerCollectors(Coordctl root, String verb) {
    this.root = root;
    this.verb = verb;
  }

  @Override
  public Exit call() {
    Api api = root.api();
    List<JsonNode> steered = new ArrayList<>();
    for (String name : names) {
      steered.add(api.order(CollectorsCommand.path(name) + "/" + verb));
    }
    root.show(CollectorTables.document(steered), answer -> CollectorTables.collectors(steered));
    return Exit.OK;
  }

  @Command(
      name = "enable",
      description = "Has collectors run, until the configuration is read again.")
  static final class Enable extends SteerCollectors {
    Enable(Coordctl root) {
      super(root, "enable");
    }
  }

  @Command(
      name = "disable",
      description = "Has collectors stop, until the configuration is read again.")
  static final class Disable extends SteerCollectors {
    Disable(Coordctl root) {
      super(root, "disable");
    }
  }

  @Command(name = "restart", description = "Closes collectors and starts them again.")
  static final class Restart extends SteerCollectors {
    Restart(Coordctl root) {
      super(root, "restart");
    }
  }
}
