package org.osprey.coordinator.ctl.command;

import java.util.List;
import java.util.concurrent.Callable;
import org.osprey.coordinator.ctl.api.Api;
import org.osprey.coordinator.ctl.api.Json;
import org.osprey.coordinator.ctl.console.Exit;
import org.osprey.coordinator.ctl.text.Cell;
import org.osprey.coordinator.ctl.text.Details;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

/** One dead letter. */
@Command(name = "show", description = "Shows one dead letter with its payload.")
final class ShowLetter implements Callable<Exit> {
  private static final String PAYLOAD = "data";

  private final Coordctl root;

  @Parameters(paramLabel = "ID", description = "As list prints it.")
  private String id = "";

  ShowLetter(Coordctl root) {
    this.root = root;
  }

  @Override
  public Exit call() {
    JsonNode letter = root.api().get("/api/dead-letters/" + Api.segment(id));
    if (root.json()) {
      root.print(letter);
      return Exit.OK;
    }
    Details details = new Details();
    letter
        .properties()
        .forEach(
            field -> {
              if (!field.getKey().equals(PAYLOAD)) {
                details.add(field.getKey().replace('_', ' '), value(field.getValue()));
              }
            });
    root.print(details);
    if (letter.has(PAYLOAD)) {
      root.say("");
      root.print(lines(letter.path(PAYLOAD)));
    }
    return Exit.OK;
  }

  private static String value(JsonNode value) {
    return value.isString() ? value.stringValue() : Json.line(value);
  }

  private static List<String> lines(JsonNode payload) {
    return Json.pretty(payload).lines().map(Cell::clean).toList();
  }
}
