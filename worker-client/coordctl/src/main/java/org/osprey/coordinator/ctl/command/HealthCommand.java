package org.osprey.coordinator.ctl.command;

import java.util.Set;
import java.util.concurrent.Callable;
import org.osprey.coordinator.ctl.api.Field;
import org.osprey.coordinator.ctl.console.Exit;
import org.osprey.coordinator.ctl.text.Cell;
import org.osprey.coordinator.ctl.text.Style.Tone;
import org.osprey.coordinator.ctl.view.Views;
import picocli.CommandLine.Command;
import tools.jackson.databind.JsonNode;

/** Whether all is well. */
@Command(
    name = "health",
    description = "Shows how every part is; exit status 1 when one is not well.")
final class HealthCommand implements Callable<Exit> {
  private static final int NOT_WELL = 503;

  private final Coordctl root;

  HealthCommand(Coordctl root) {
    this.root = root;
  }

  @Override
  public Exit call() {
    JsonNode health = root.api().get("/health", Set.of(NOT_WELL));
    String status = Field.text(health, "status");
    boolean well = status.equals("ok");
    root.say(
        root.style().paint(well ? Tone.GOOD : Tone.BAD, Cell.clean(status))
            + ", sources: "
            + Cell.clean(Field.text(health, "consumer_type")));
    root.show(health, parts -> Views.checks(Field.list(parts, "checks")));
    return well ? Exit.OK : Exit.REFUSED;
  }
}
