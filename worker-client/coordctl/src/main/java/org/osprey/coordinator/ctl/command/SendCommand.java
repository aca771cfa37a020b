package org.osprey.coordinator.ctl.command;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.osprey.coordinator.ctl.api.Api;
import org.osprey.coordinator.ctl.api.Json;
import org.osprey.coordinator.ctl.console.Exit;
import org.osprey.coordinator.ctl.console.Failure;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.databind.util.RawValue;

/** Sends actions. */
@Command(
    name = "send",
    description = "Sends one action and prints the verdicts, or many from a file.",
    footer = {
      "",
      "Examples:",
      "  coordctl send --name user_login --data '{\"user_id\":\"user_123\"}'",
      "  coordctl send --name user_login --data @login.json --timeout 2s",
      "  coordctl send --async --file actions.ndjson"
    })
final class SendCommand implements Callable<Exit> {
  /** The coordinator has a limit of its own for calls that name none. */
  private static final Duration LONGEST_USUAL_WAIT = Duration.ofSeconds(60);

  private final Coordctl root;

  @Option(names = "--name", paramLabel = "NAME", description = "Name of the action.")
  private @Nullable String name;

  @Option(
      names = "--data",
      paramLabel = "JSON|@FILE|-",
      description = "Payload, a JSON object: as it is, in a file, or on stdin; otherwise {}.")
  private @Nullable String data;

  @Option(
      names = "--id",
      paramLabel = "ID",
      description = "Id, a number of unsigned 64 bits; otherwise the coordinator makes one.")
  private @Nullable String id;

  @Option(
      names = "--async",
      description = "Do not wait for a worker: the action is stored when this returns.")
  private boolean async;

  @Option(
      names = "--not-before",
      paramLabel = "TIME",
      description = "With --async: no worker gets it before, such as 2026-11-21T10:00:00Z.")
  private @Nullable Instant notBefore;

  @Option(
      names = "--timeout",
      paramLabel = "TIME",
      converter = Times.class,
      description = "Longest wait for verdicts, such as 500ms; otherwise the coordinator's.")
  private @Nullable Duration timeout;

  @Option(
      names = "--file",
      paramLabel = "FILE|-",
      description = "Many actions instead: NDJSON, one {\"name\":...,\"data\":{...}} in each line.")
  private @Nullable String file;

  @Option(
      names = "--failed",
      paramLabel = "FILE",
      description = "With --file: where to write the lines that failed, to send them again.")
  private @Nullable String failed;

  SendCommand(Coordctl root) {
    this.root = root;
  }

  @Override
  public Exit call() throws IOException {
    if (file != null && (name != null || data != null || id != null)) {
      throw Failure.usage("--file: its lines name the actions, so want no --name, --data or --id");
    }
    if (notBefore != null && (file != null || !async)) {
      throw Failure.usage("--not-before: want --async too, and no --file");
    }
    if (failed != null && file == null) {
      throw Failure.usage("--failed: want --file too");
    }
    return file == null ? sendOne() : sendMany(file);
  }

  private Exit sendOne() throws IOException {
    if (name == null || name.isBlank()) {
      throw Failure.usage("--name: missing; want the name of an action, or --file");
    }
    byte[] payload = Payload.read(data, root.console());
    ObjectNode action = Json.object();
    if (id != null) {
      action.put("id", id);
    }
    action.put("name", name);
    action.putRawValue("data", new RawValue(new String(payload, UTF_8)));
    if (notBefore != null) {
      action.put("not_before", notBefore.toString());
    }
    new SentAction(root, async).send(root.api(), path(), Json.bytes(action), longest());
    return Exit.OK;
  }

  private Exit sendMany(String lines) throws IOException {
    return new SentLines(root, path(), longest(), failed).send(lines);
  }

  private String path() {
    String wait = timeout == null ? "" : "&timeout=" + Times.text(timeout);
    return "/api/actions?mode=" + (async ? "async" : "sync" + wait);
  }

  /** For the whole exchange. */
  private Duration longest() {
    return (timeout == null ? LONGEST_USUAL_WAIT : timeout).plus(Api.USUAL);
  }
}
