package org.osprey.coordinator.ctl.command;

import java.util.concurrent.Callable;
import org.osprey.coordinator.ctl.api.Field;
import org.osprey.coordinator.ctl.console.Exit;
import org.osprey.coordinator.ctl.view.Views;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import tools.jackson.databind.JsonNode;

/** Who is connected. */
@Command(name = "workers", description = "Lists the worker streams, those who hold most first.")
final class WorkersCommand implements Callable<Exit> {
  private final Coordctl root;

  @Option(
      names = "--limit",
      paramLabel = "N",
      defaultValue = "100",
      description = "Most streams to list, up to 1000; otherwise ${DEFAULT-VALUE}.")
  private int limit;

  WorkersCommand(Coordctl root) {
    this.root = root;
  }

  @Override
  public Exit call() {
    JsonNode answer = root.api().get("/api/workers?limit=" + limit);
    root.show(answer, workers -> Views.workers(Field.list(workers, "workers")));
    root.say(summary(answer));
    return Exit.OK;
  }

  private static String summary(JsonNode answer) {
    long connected = Field.number(answer, "connected");
    int listed = Field.list(answer, "workers").size();
    String streams = connected == 1 ? "1 stream" : connected + " streams";
    return streams + (listed < connected ? ", " + listed + " of them listed" : "");
  }
}
