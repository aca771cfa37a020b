package org.osprey.coordinator.ctl.command;

import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.osprey.coordinator.ctl.api.Api;
import org.osprey.coordinator.ctl.api.Field;
import org.osprey.coordinator.ctl.console.Exit;
import org.osprey.coordinator.ctl.text.Cell;
import org.osprey.coordinator.ctl.view.Views;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import tools.jackson.databind.JsonNode;

/** A page of dead letters. */
@Command(name = "list", description = "Lists dead letters, the oldest first.")
final class ListLetters implements Callable<Exit> {
  private final Coordctl root;

  @Option(
      names = "--limit",
      paramLabel = "N",
      defaultValue = "100",
      description = "Most letters to list, up to 1000; otherwise ${DEFAULT-VALUE}.")
  private int limit;

  @Option(
      names = "--after",
      paramLabel = "ID",
      description = "Begin after this one: the last id of the page before.")
  private @Nullable String after;

  ListLetters(Coordctl root) {
    this.root = root;
  }

  @Override
  public Exit call() {
    String page = after == null ? "" : "&after=" + Api.query(after);
    JsonNode answer = root.api().get("/api/dead-letters?limit=" + limit + page);
    int size = Field.list(answer, "dead_letters").size();
    if (root.json() || size > 0) {
      root.show(answer, letters -> Views.deadLetters(Field.list(letters, "dead_letters")));
    }
    String next = Field.text(answer, "next");
    if (!next.isEmpty()) {
      root.say("there may be more: --after " + Cell.clean(next));
    } else if (size == 0) {
      root.say("no dead letters");
    }
    return Exit.OK;
  }
}
