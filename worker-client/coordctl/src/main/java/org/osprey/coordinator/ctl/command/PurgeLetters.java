package org.osprey.coordinator.ctl.command;

import java.util.concurrent.Callable;
import org.osprey.coordinator.ctl.api.Api;
import org.osprey.coordinator.ctl.api.Field;
import org.osprey.coordinator.ctl.api.Json;
import org.osprey.coordinator.ctl.console.Exit;
import org.osprey.coordinator.ctl.text.Human;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Forgets dead letters. */
@Command(name = "purge", description = "Throws dead letters away for good.")
final class PurgeLetters implements Callable<Exit> {
  private final Coordctl root;

  @Mixin private final Selection selection = new Selection();
  @Mixin private final Confirmation confirmation = new Confirmation();

  PurgeLetters(Coordctl root) {
    this.root = root;
  }

  @Override
  public Exit call() {
    ObjectNode body = selection.body();
    Api api = root.api();
    confirmation.ask(
        root.console(), "Throw away " + selection.text() + " at " + api.base() + " for good?");
    JsonNode purged = api.post("/api/dead-letters/purge", Json.bytes(body), Api.USUAL);
    if (root.json()) {
      root.print(purged);
    }
    root.say("thrown away: " + Human.count(Field.number(purged, "purged")));
    return Exit.OK;
  }
}
