package org.osprey.coordinator.ctl.command;

import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.osprey.coordinator.ctl.api.Api;
import org.osprey.coordinator.ctl.console.Exit;
import org.osprey.coordinator.ctl.text.Cell;
import org.osprey.coordinator.ctl.view.StreamTables;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import tools.jackson.databind.node.ObjectNode;

/** A page of streams. */
@Command(name = "list", description = "Lists streams in the order of their ids.")
final class ListStreams implements Callable<Exit> {
  private final Coordctl root;

  @Option(
      names = "--limit",
      paramLabel = "N",
      defaultValue = "100",
      description = "Most streams to list, up to 1000; otherwise ${DEFAULT-VALUE}.")
  private int limit;

  @Option(
      names = "--after",
      paramLabel = "ID",
      description = "Only ids that come after it: what the page before named.")
  private @Nullable String after;

  ListStreams(Coordctl root) {
    this.root = root;
  }

  @Override
  public Exit call() {
    String begin = after == null ? "" : "&after=" + Api.query(after);
    Api.Page page = root.api().getPage("/streams?limit=" + limit + begin);
    if (root.json()) {
      root.print(document(page));
    } else if (!page.items().isEmpty()) {
      root.print(StreamTables.streams(page.items()));
    }
    if (!page.next().isEmpty()) {
      root.say("there are more: --after " + Cell.clean(page.next()));
    } else if (page.items().isEmpty()) {
      root.say("no streams");
    }
    return Exit.OK;
  }

  private static ObjectNode document(Api.Page page) {
    ObjectNode document = StreamTables.document(page.items());
    if (!page.next().isEmpty()) {
      document.put("next", page.next());
    }
    return document;
  }
}
