package org.osprey.coordinator.ctl.command;

import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.osprey.coordinator.ctl.api.Api;
import org.osprey.coordinator.ctl.console.Exit;
import org.osprey.coordinator.ctl.text.Cell;
import org.osprey.coordinator.ctl.view.TaskTables;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import tools.jackson.databind.node.ObjectNode;

/** A page of tasks. */
@Command(name = "list", description = "Lists tasks, the newest first.")
final class ListTasks implements Callable<Exit> {
  private final Coordctl root;

  @Option(
      names = "--status",
      paramLabel = "STATUS",
      description = "Only these: pending, in_progress, completed,%nfailed or cancelled.")
  private @Nullable String status;

  @Option(names = "--name", paramLabel = "NAME", description = "Only those of this name.")
  private @Nullable String name;

  @Option(
      names = "--limit",
      paramLabel = "N",
      defaultValue = "100",
      description = "Most tasks to list, up to 1000; otherwise ${DEFAULT-VALUE}.")
  private int limit;

  @Option(
      names = "--after",
      paramLabel = "PLACE",
      description = "Begin there: what the page before named.")
  private @Nullable String after;

  ListTasks(Coordctl root) {
    this.root = root;
  }

  @Override
  public Exit call() {
    StringBuilder path = new StringBuilder("/api/tasks?limit=").append(limit);
    add(path, "status", status);
    add(path, "task_name", name);
    add(path, "after", after);
    Api.Page page = root.api().getPage(path.toString());
    if (root.json()) {
      root.print(document(page));
    } else if (!page.items().isEmpty()) {
      root.print(TaskTables.tasks(page.items()));
    }
    if (!page.next().isEmpty()) {
      root.say("there are more: --after " + Cell.clean(page.next()));
    } else if (page.items().isEmpty()) {
      root.say("no tasks");
    }
    return Exit.OK;
  }

  private static void add(StringBuilder path, String parameter, @Nullable String value) {
    if (value != null) {
      path.append('&').append(parameter).append('=').append(Api.query(value));
    }
  }

  private static ObjectNode document(Api.Page page) {
    ObjectNode document = TaskTables.document(page.items());
    if (!page.next().isEmpty()) {
      document.put("next", page.next());
    }
    return document;
  }
}
