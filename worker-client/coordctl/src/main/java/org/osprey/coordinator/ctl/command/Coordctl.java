package org.osprey.coordinator.ctl.command;

import java.net.URI;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.osprey.coordinator.ctl.api.Api;
import org.osprey.coordinator.ctl.api.Credentials;
import org.osprey.coordinator.ctl.api.Json;
import org.osprey.coordinator.ctl.console.Console;
import org.osprey.coordinator.ctl.text.Details;
import org.osprey.coordinator.ctl.text.Style;
import org.osprey.coordinator.ctl.text.Table;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;
import tools.jackson.databind.JsonNode;

/** The command above all others: what they share, and how they show things. */
@Command(
    name = "coordctl",
    description = "Sends actions to a coordinator, shows what it is at, and steers it.",
    versionProvider = Version.class,
    mixinStandardHelpOptions = true,
    scope = ScopeType.INHERIT,
    synopsisSubcommandLabel = "COMMAND",
    usageHelpAutoWidth = false,
    sortOptions = false,
    exitCodeListHeading = "%nExit status:%n",
    exitCodeList = {
      "0:all is well",
      "1:the coordinator refused, an action failed, something is not well",
      "2:the command line or a file that it names is wrong",
      "3:no connection, so nothing was sent",
      "4:no answer in time, or none that can be read: it may have had effect"
    })
public final class Coordctl {
  private final Console console;
  private final Supplier<Boolean> mayColour;

  @Mixin private final Connection connection = new Connection();

  @Option(
      names = {"-o", "--output"},
      paramLabel = "table|json",
      scope = ScopeType.INHERIT,
      description = "How to print: ${COMPLETION-CANDIDATES}; otherwise table.")
  private @Nullable Output output;

  @Option(
      names = "--no-color",
      scope = ScopeType.INHERIT,
      description = "No colours; NO_COLOR does the same.")
  private boolean plain;

  /** How answers are printed. */
  public enum Output {
    TABLE,
    JSON;

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  public Coordctl(Console console) {
    this.console = console;
    mayColour =
        () ->
            console.terminal().present()
                && console.environment().getOrDefault("NO_COLOR", "").isEmpty()
                && !"dumb".equals(console.environment().get("TERM"));
  }

  Console console() {
    return console;
  }

  boolean json() {
    return output == Output.JSON;
  }

  Style style() {
    return !plain && mayColour.get() ? Style.COLOURED : Style.PLAIN;
  }

  Api api() {
    return new Api(url(), credentials());
  }

  URI url() {
    return connection.url(console.environment());
  }

  Credentials credentials() {
    return connection.credentials(console.environment());
  }

  /** Prints what came, or the table that is made of it. */
  void show(JsonNode answer, Function<JsonNode, Table> view) {
    if (json()) {
      print(answer);
    } else {
      print(view.apply(answer));
    }
  }

  void print(JsonNode document) {
    console.out().println(Json.pretty(document));
  }

  void print(Table table) {
    print(table.lines(console.terminal().size().columns(), style()));
  }

  void print(Details details) {
    print(details.lines(style()));
  }

  void print(List<String> lines) {
    lines.forEach(console.out()::println);
  }

  /** What people want to know and programs don't. */
  void say(String line) {
    if (!json()) {
      console.out().println(line);
    }
  }
}
