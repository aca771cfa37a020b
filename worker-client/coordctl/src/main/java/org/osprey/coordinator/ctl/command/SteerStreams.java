package org.osprey.coordinator.ctl.command;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.osprey.coordinator.ctl.api.Api;
import org.osprey.coordinator.ctl.console.Exit;
import org.osprey.coordinator.ctl.view.StreamTables;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

/** Tells streams what to do, one after the other. */
abstract class SteerStreams implements Callable<Exit> {
  private final Coordctl root;
  private final String verb;

  @Parameters(arity = "1..*", paramLabel = "ID", description = "Ids, as list prints them.")
  private List<String> ids = List.of();

  private SteerStreams(Coordctl root, String verb) {
    this.root = root;
    this.verb = verb;
  }

  @Override
  public Exit call() {
    Api api = root.api();
    List<JsonNode> changed = new ArrayList<>();
    for (String id : ids) {
      changed.add(api.order(StreamsCommand.path(id) + "/" + verb));
    }
    root.show(StreamTables.document(changed), answer -> StreamTables.changed(changed));
    return Exit.OK;
  }

  @Command(name = "start", description = "Revives streams that were stopped or have finished.")
  static final class Start extends SteerStreams {
    Start(Coordctl root) {
      super(root, "start");
    }
  }

  @Command(name = "pause", description = "Holds streams where they are, until resume.")
  static final class Pause extends SteerStreams {
    Pause(Coordctl root) {
      super(root, "pause");
    }
  }

  @Command(name = "resume", description = "Has paused streams go on from where they are.")
  static final class Resume extends SteerStreams {
    Resume(Coordctl root) {
      super(root, "resume");
    }
  }

  @Command(name = "skip", description = "Has streams go on to their next scene at once.")
  static final class Skip extends SteerStreams {
    Skip(Coordctl root) {
      super(root, "skip");
    }
  }

  @Command(
      name = "stop",
      description = "Stops streams, whoever watches, until they are started or reconfigured.")
  static final class Stop extends SteerStreams {
    Stop(Coordctl root) {
      super(root, "stop");
    }
  }
}
