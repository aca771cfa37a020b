package org.osprey.coordinator.ctl.command;

import org.osprey.coordinator.ctl.api.Api;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** Workers that share an event stream. */
@Command(
    name = "replica-sets",
    description = "Lists and shows replica sets, releases what is parked, resets projections.",
    synopsisSubcommandLabel = "COMMAND")
final class ReplicaSetsCommand {
  static final String PATH = "/api/replica-sets";

  private ReplicaSetsCommand() {}

  static CommandLine withSubcommands(Coordctl root) {
    return new CommandLine(new ReplicaSetsCommand())
        .addSubcommand(new ListReplicaSets(root))
        .addSubcommand(new ShowReplicaSet(root))
        .addSubcommand(new ListParked(root))
        .addSubcommand(new ReleaseStreams(root))
        .addSubcommand(new ResetProjection(root));
  }

  static String path(String name) {
    return PATH + "/" + Api.segment(name);
  }

  static String path(String name, String projection) {
    return path(name) + "/projections/" + Api.segment(projection);
  }
}
