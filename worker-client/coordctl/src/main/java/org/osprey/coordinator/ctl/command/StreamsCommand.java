package org.osprey.coordinator.ctl.command;

import org.osprey.coordinator.ctl.api.Api;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** Streams that step through scenes while somebody watches. */
@Command(
    name = "streams",
    description = "Lists, shows, creates, steers and watches scheduled streams.",
    synopsisSubcommandLabel = "COMMAND")
final class StreamsCommand {

  private StreamsCommand() {}

  static CommandLine withSubcommands(Coordctl root) {
    return new CommandLine(new StreamsCommand())
        .addSubcommand(new ListStreams(root))
        .addSubcommand(new ShowStream(root))
        .addSubcommand(new CreateStream(root))
        .addSubcommand(new SteerStreams.Start(root))
        .addSubcommand(new SteerStreams.Pause(root))
        .addSubcommand(new SteerStreams.Resume(root))
        .addSubcommand(new SteerStreams.Skip(root))
        .addSubcommand(new SteerStreams.Stop(root))
        .addSubcommand(new GoToScene(root))
        .addSubcommand(new ReconfigureStream(root))
        .addSubcommand(new WatchStream(root));
  }

  static String path(String id) {
    return "/streams/" + Api.segment(id);
  }
}
