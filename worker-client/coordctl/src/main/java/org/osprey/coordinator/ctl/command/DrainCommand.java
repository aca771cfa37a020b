package org.osprey.coordinator.ctl.command;

import java.time.Duration;
import java.util.concurrent.Callable;
import org.osprey.coordinator.ctl.api.Api;
import org.osprey.coordinator.ctl.api.Field;
import org.osprey.coordinator.ctl.api.Json;
import org.osprey.coordinator.ctl.console.Exit;
import org.osprey.coordinator.ctl.console.Failure;
import org.osprey.coordinator.ctl.console.ProgressLine;
import org.osprey.coordinator.ctl.text.Human;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import tools.jackson.databind.JsonNode;

/** Ends a coordinator in good order. */
@Command(
    name = "drain",
    description = "Has the coordinator take nothing more, finish what it has, and stop.")
final class DrainCommand implements Callable<Exit> {
  private static final Duration LOOK_AGAIN = Duration.ofMillis(200);

  private final Coordctl root;

  @Option(names = "--wait", description = "Return only when it has stopped.")
  private boolean wait;

  @Option(
      names = "--timeout",
      paramLabel = "TIME",
      defaultValue = "60s",
      converter = Times.class,
      description = "Longest such wait; otherwise ${DEFAULT-VALUE}.")
  private Duration timeout = Duration.ZERO;

  @Mixin private final Confirmation confirmation = new Confirmation();

  DrainCommand(Coordctl root) {
    this.root = root;
  }

  @Override
  public Exit call() throws InterruptedException {
    Api api = root.api();
    confirmation.ask(root.console(), "Drain and stop the coordinator at " + api.base() + "?");
    api.order("/api/drain");
    if (wait) {
      awaitStop(api);
    }
    String state = wait ? "stopped" : "draining";
    root.say(wait ? "it has stopped" : "it drains and will stop");
    if (root.json()) {
      root.print(Json.object().put("status", state));
    }
    return Exit.OK;
  }

  private void awaitStop(Api api) throws InterruptedException {
    long end = System.nanoTime() + timeout.toNanos();
    try (ProgressLine progress = new ProgressLine(root.console())) {
      while (answers(api, progress)) {
        if (System.nanoTime() - end > 0) {
          throw new Failure(Exit.NO_ANSWER, "it still drains after " + Human.seconds(timeout));
        }
        Thread.sleep(LOOK_AGAIN);
      }
    }
  }

  /** A connection that breaks is the end of it too, or the next look will tell. */
  private static boolean answers(Api api, ProgressLine progress) {
    try {
      JsonNode queue = api.get("/api/queue");
      progress.show(
          "draining: %s out, %s streams"
              .formatted(
                  Human.count(Field.number(queue, "leased")),
                  Human.count(Field.number(queue, "connected"))));
      return true;
    } catch (Failure e) {
      return e.exit() != Exit.NO_CONNECTION;
    }
  }
}
