package org.osprey.coordinator.ctl.command;

import java.time.Duration;
import java.util.concurrent.Callable;
import org.osprey.coordinator.ctl.api.Api;
import org.osprey.coordinator.ctl.console.Exit;
import org.osprey.coordinator.ctl.console.Failure;
import org.osprey.coordinator.ctl.console.Interruption;
import org.osprey.coordinator.ctl.top.Top;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** The live view. */
@Command(
    name = "top",
    description = {
      "Shows what the coordinator is at, once a second; q and Ctrl-C quit.",
      "Without a terminal it prints one picture after the other.",
    })
final class TopCommand implements Callable<Exit> {
  private final Coordctl root;

  @Option(
      names = {"-n", "--frames"},
      paramLabel = "N",
      description = "End after so many pictures; otherwise never.")
  private int frames;

  @Option(
      names = "--poll",
      description = "Ask for each picture, also where the coordinator would send them.")
  private boolean poll;

  @Option(
      names = "--interval",
      paramLabel = "TIME",
      defaultValue = "1s",
      converter = Times.class,
      description = "Wait between pictures that are asked for; otherwise ${DEFAULT-VALUE}.")
  private Duration interval = Duration.ZERO;

  TopCommand(Coordctl root) {
    this.root = root;
  }

  @Override
  public Exit call() {
    if (frames < 0) {
      throw Failure.usage("--frames: want a number of pictures, got " + frames);
    }
    Api api = root.api();
    Top top =
        new Top(
            root.console(),
            api,
            root.style(),
            new Top.Options(interval, frames, root.json(), poll));
    return Interruption.during(
        top::stop,
        () -> {
          top.run();
          return Exit.OK;
        });
  }
}
