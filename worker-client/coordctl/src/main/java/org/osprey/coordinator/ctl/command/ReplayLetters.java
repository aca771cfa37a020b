package org.osprey.coordinator.ctl.command;

import java.time.Duration;
import java.util.concurrent.Callable;
import org.osprey.coordinator.ctl.api.Api;
import org.osprey.coordinator.ctl.api.Field;
import org.osprey.coordinator.ctl.api.Json;
import org.osprey.coordinator.ctl.console.Exit;
import org.osprey.coordinator.ctl.text.Details;
import org.osprey.coordinator.ctl.text.Human;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Tries dead letters once more. */
@Command(
    name = "replay",
    description = "Gives dead letters to the workers once more; exit status 1 when some remain.")
final class ReplayLetters implements Callable<Exit> {
  private final Coordctl root;

  @Mixin private final Selection selection = new Selection();

  @Option(
      names = "--timeout",
      paramLabel = "TIME",
      defaultValue = "30s",
      converter = Times.class,
      description = "Longest wait for workers, at most 5m; otherwise ${DEFAULT-VALUE}.")
  private Duration timeout = Duration.ZERO;

  ReplayLetters(Coordctl root) {
    this.root = root;
  }

  @Override
  public Exit call() {
    ObjectNode body = selection.body().put("timeout", Times.text(timeout));
    JsonNode replayed =
        root.api().post("/api/dead-letters/replay", Json.bytes(body), timeout.plus(Api.USUAL));
    if (root.json()) {
      root.print(replayed);
    } else {
      root.print(details(replayed));
    }
    return isDone(replayed) ? Exit.OK : Exit.REFUSED;
  }

  private static Details details(JsonNode replayed) {
    return new Details()
        .add("handled and gone", count(replayed, "replayed"))
        .add("given up again", count(replayed, "given_up_again"))
        .add("no actions, kept", count(replayed, "undecodable"))
        .add("unfinished, kept", count(replayed, "unfinished"))
        .add("looked at all", Field.yes(replayed, "complete") ? "yes" : "no, the time was up");
  }

  private static boolean isDone(JsonNode replayed) {
    return Field.yes(replayed, "complete")
        && Field.number(replayed, "given_up_again") == 0
        && Field.number(replayed, "undecodable") == 0
        && Field.number(replayed, "unfinished") == 0;
  }

  private static String count(JsonNode replayed, String field) {
    return Human.count(Field.number(replayed, field));
  }
}
