package org.osprey.coordinator.ctl.command;

import static org.osprey.coordinator.ctl.text.Table.Column.left;
import static org.osprey.coordinator.ctl.text.Table.Column.right;

import java.util.concurrent.Callable;
import org.osprey.coordinator.ctl.api.Field;
import org.osprey.coordinator.ctl.console.Exit;
import org.osprey.coordinator.ctl.text.Human;
import org.osprey.coordinator.ctl.text.Table;
import org.osprey.coordinator.ctl.view.Views;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import tools.jackson.databind.JsonNode;

/** What waits. */
@Command(
    name = "queue",
    description = "Shows what waits, what is out, and what was counted since the start.")
final class QueueCommand implements Callable<Exit> {
  private final Coordctl root;

  @Option(
      names = {"-a", "--all"},
      description = "Also the counts that are zero.")
  private boolean all;

  QueueCommand(Coordctl root) {
    this.root = root;
  }

  @Override
  public Exit call() {
    JsonNode queue = root.api().get("/api/queue");
    if (root.json()) {
      root.print(queue);
      return Exit.OK;
    }
    root.print(Views.lanes(queue));
    root.say("");
    root.say(places(queue));
    Table counts = counts(queue.path("counts"));
    if (counts.size() > 0) {
      root.say("");
      root.print(counts);
    }
    return Exit.OK;
  }

  private static String places(JsonNode queue) {
    return "%s out, %s delayed, %s held, %s settling; %s of %s streams free"
        .formatted(
            count(queue, "leased"),
            count(queue, "delayed"),
            count(queue, "held"),
            count(queue, "settling"),
            count(queue, "waiting_streams"),
            count(queue, "connected"));
  }

  private Table counts(JsonNode counts) {
    Table table = new Table(left("SINCE THE START"), right("COUNT"));
    counts
        .properties()
        .forEach(
            count -> {
              long number = count.getValue().asLong(0);
              if (all || number != 0) {
                table.row(count.getKey().replace('_', ' '), Human.count(number));
              }
            });
    return table;
  }

  private static String count(JsonNode queue, String field) {
    return Human.count(Field.number(queue, field));
  }
}
