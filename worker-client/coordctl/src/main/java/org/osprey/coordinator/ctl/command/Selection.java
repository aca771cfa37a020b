package org.osprey.coordinator.ctl.command;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.osprey.coordinator.ctl.api.Json;
import org.osprey.coordinator.ctl.console.Failure;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.node.ObjectNode;

/** Which dead letters. */
final class Selection {
  @Parameters(arity = "0..*", paramLabel = "ID", description = "Ids, as list prints them.")
  private List<String> ids = List.of();

  @Option(names = "--all", description = "Every dead letter.")
  private boolean all;

  @Option(
      names = "--reason",
      paramLabel = "REASON",
      description = "Only those with this reason: ${COMPLETION-CANDIDATES}.")
  private @Nullable Reason reason;

  @Option(names = "--source", paramLabel = "NAME", description = "Only those of this source.")
  private @Nullable String source;

  /** Why an action was given up. */
  enum Reason {
    NACKED,
    WORKERS_LOST,
    UNDECODABLE,
    RESULT_TOO_LARGE;

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /**
   * As the API reads it.
   *
   * @throws Failure when nothing is chosen: none of these orders may mean everything by accident
   */
  ObjectNode body() {
    if (ids.isEmpty() && !all && reason == null && source == null) {
      throw Failure.usage("want ids, --reason or --source, or --all for every dead letter");
    }
    ObjectNode body = Json.object();
    if (!ids.isEmpty()) {
      ids.forEach(body.putArray("ids")::add);
    }
    if (all) {
      body.put("all", true);
    }
    if (reason != null) {
      body.put("reason", reason.toString());
    }
    if (source != null) {
      body.put("source", source);
    }
    return body;
  }

  /** For people. */
  String text() {
    List<String> limits = new ArrayList<>();
    if (!ids.isEmpty()) {
      limits.add("with the id " + String.join(", ", ids));
    }
    if (reason != null) {
      limits.add("with the reason " + reason);
    }
    if (source != null) {
      limits.add("of the source " + source);
    }
    return (limits.isEmpty() ? "all dead letters" : "the dead letters ")
        + String.join(" and ", limits);
  }
}
