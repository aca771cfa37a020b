package org.osprey.coordinator.app.config;

import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.osprey.coordinator.settings.ByteSize;
import org.osprey.coordinator.settings.NamedSections;

/** Makes the page of all settings from the default YAML, the records and the variables. */
final class ConfigurationPage {
  private static final String BEGINNING =
      """
      # Configuration

      Made from the default settings and the records they are read into: edits are lost. To make it again:
      `mvn -q test -pl coordinator-server/app -am -Dtest=ConfigurationPageTest -Dsurefire.failIfNoSpecifiedTests=false -Dconfiguration.write=true`

      A coordinator reads three layers:

      1. the built-in defaults, [`coordinator-default.yaml`](../coordinator-server/app/src/main/resources/coordinator-default.yaml),
      2. over them the YAML file given with `--config FILE`, if any: only what differs,
      3. over both the environment variables below. An empty variable counts as unset.

      All mistakes are reported at once, each with its place, what was got and what is wanted; then the
      coordinator does not start (status 2). An unknown key is a mistake and gets the nearest valid name.

      ```bash
      ./coordctl config check coordinator.yaml
      ./coordctl config print
      ```

      Durations are `500ms`, `30s`, `2m`, `1h`. Sizes are `512B`, `16KiB`, `64MiB` (powers of 1024) or
      `1KB`, `64MB` (powers of 1000). Variables that end in `_MS` or `_SECS` are whole numbers of milliseconds or
      seconds.

      In the file, `${NAME}` and `${NAME:-otherwise}` put an environment variable into a value, and
      `$${NAME}` is the text `${NAME}`. Keys are not expanded, nor is what comes out of a variable or a
      default. Write quotes around such a value inside braces. YAML aliases are not read.

      ```yaml
      sources: [kafka]
      kafka:
        bootstrapServers: ${BROKERS:-localhost:9092}
        ordering: key
        properties:
          security.protocol: SASL_SSL
          sasl.jaas.config: ${KAFKA_JAAS}
      leases:
        time: 30s
        byAction:
          user_login: 5s
      ```

      The effective configuration is printed at the start, and by `--print-config`. Values of properties whose names
      hold `password`, `secret`, `jaas`, `token` or `key` are masked there, and so are users in URLs.

      The sections `orchestrator` and `collectors` of the same file are those of
      [collectors](../coordinator-server/collectors/README.md#settings).
      """;

  private static final String HEAD =
      """
      | setting | variable | type | default | meaning |
      |---|---|---|---|---|
      """;

  private static final Map<Class<?>, String> TYPES =
      Map.of(
          boolean.class, "true or false",
          int.class, "number",
          long.class, "number",
          double.class, "number",
          String.class, "text",
          Duration.class, "duration",
          ByteSize.class, "size");

  private final Map<String, RecordComponent> components =
      Components.declared(CoordinatorConfig.class);
  private final Map<String, String> sections = Catalogue.sections();
  private final StringBuilder page = new StringBuilder(BEGINNING);

  private ConfigurationPage() {}

  static String make() {
    ConfigurationPage page = new ConfigurationPage();
    Map<String, List<Catalogue.Key>> keys =
        Catalogue.read().stream()
            .collect(
                Collectors.groupingBy(
                    Catalogue.Key::section, LinkedHashMap::new, Collectors.toList()));
    keys.forEach(page::section);
    return page.page.toString();
  }

  private void section(String name, List<Catalogue.Key> keys) {
    page.append("\n## ").append(name).append("\n\n");
    String meaning = sections.get(name);
    if (meaning != null) {
      page.append(meaning).append("\n\n");
    }
    inner(name).forEach(line -> page.append(line).append('\n'));
    page.append(HEAD);
    keys.forEach(this::row);
    keys.forEach(this::named);
  }

  /** What is said of the sections within it. */
  private List<String> inner(String name) {
    List<String> lines = new ArrayList<>();
    sections.forEach(
        (path, meaning) -> {
          if (path.startsWith(name + ".")) {
            lines.add("- `%s`: %s".formatted(path, meaning));
          }
        });
    if (!lines.isEmpty()) {
      lines.add("");
    }
    return lines;
  }

  private void row(Catalogue.Key key) {
    String variable = key.variable().isEmpty() ? "" : "`" + key.variable() + "`";
    page.append(
        "| `%s` | %s | %s | `%s` | %s |\n"
            .formatted(
                key.path(),
                variable,
                type(component(key.path()).getGenericType()),
                key.standard(),
                key.meaning()));
  }

  /** What stands under a name that operators choose. */
  private void named(Catalogue.Key key) {
    @Nullable Class<?> record = NamedSections.type(component(key.path()));
    if (record == null) {
      return;
    }
    page.append(
        "\nEach section of `%s`:\n\n| key | type | default |\n|---|---|---|\n"
            .formatted(key.path()));
    String around = key.path().replaceFirst("[^.]*$", "");
    for (RecordComponent inner : record.getRecordComponents()) {
      boolean shared = components.containsKey(around + inner.getName());
      page.append(
          "| `%s` | %s | %s |\n"
              .formatted(
                  inner.getName(),
                  type(inner.getGenericType()),
                  shared ? "that of `" + around + inner.getName() + "`" : "none"));
    }
  }

  private RecordComponent component(String path) {
    RecordComponent component = components.get(path);
    if (component == null) {
      throw new AssertionError("no record has " + path);
    }
    return component;
  }

  private static String type(Type type) {
    return switch (type) {
      case Class<?> plain when plain.isEnum() -> words(plain);
      case Class<?> plain when TYPES.containsKey(plain) -> String.valueOf(TYPES.get(plain));
      case ParameterizedType list when list.getRawType() == List.class ->
          "list of " + type(list.getActualTypeArguments()[0]);
      case ParameterizedType set when set.getRawType() == Set.class ->
          "list of " + type(set.getActualTypeArguments()[0]);
      case ParameterizedType map when map.getRawType() == Map.class ->
          "%s by %s"
              .formatted(
                  type(map.getActualTypeArguments()[1]), type(map.getActualTypeArguments()[0]));
      case Class<?> plain when plain == Integer.class -> "number";
      case Class<?> plain when plain.isRecord() -> "section";
      default -> throw new AssertionError("no word for " + type);
    };
  }

  private static String words(Class<?> type) {
    return Arrays.stream(type.getEnumConstants())
        .map(constant -> String.valueOf(constant).toLowerCase(Locale.ROOT))
        .collect(Collectors.joining(", "));
  }
}
