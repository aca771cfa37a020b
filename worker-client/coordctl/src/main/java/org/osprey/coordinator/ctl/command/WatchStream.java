package org.osprey.coordinator.ctl.command;

import java.util.concurrent.Callable;
import org.osprey.coordinator.ctl.api.Api;
import org.osprey.coordinator.ctl.api.Events;
import org.osprey.coordinator.ctl.console.Exit;
import org.osprey.coordinator.ctl.console.Interruption;
import org.osprey.coordinator.ctl.stream.StreamLines;
import org.osprey.coordinator.ctl.stream.StreamWatch;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Watches as anybody does. */
@Command(
    name = "watch",
    description = {
      "Watches a stream, which keeps it running, and prints a line for each change of its scene or"
          + " mode. Ends when it is complete, or with Ctrl-C.",
    })
final class WatchStream implements Callable<Exit> {
  private final Coordctl root;

  @Parameters(paramLabel = "ID", description = "As list prints it.")
  private String id = "";

  @Option(names = "--all", description = "A line for every update.")
  private boolean all;

  WatchStream(Coordctl root) {
    this.root = root;
  }

  @Override
  public Exit call() {
    Api api = root.api();
    String path = StreamsCommand.path(id) + "/events" + (all ? "" : "?filter=scenes");
    try (Events events = api.events(path)) {
      StreamLines lines = new StreamLines(root.console(), root.style(), root.json());
      StreamWatch watch = new StreamWatch(events, lines, all);
      return Interruption.during(
          watch::stop,
          () -> {
            watch.run();
            return Exit.OK;
          });
    }
  }
}
