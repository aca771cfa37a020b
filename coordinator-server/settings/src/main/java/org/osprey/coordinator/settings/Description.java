package org.osprey.coordinator.settings;

import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.osprey.coordinator.settings.Setting.Section;

/** Writes a config as YAML that says where each value comes from. */
public final class Description {
  private static final String PLAIN = "[A-Za-z0-9./][A-Za-z0-9./_-]*(:\\d+)?";

  /** What a list can hold without quotes. */
  private static final String PLAIN_ITEM = "[A-Za-z0-9./][A-Za-z0-9./_:@-]*";

  private final Section settings;
  private final KeyStyle keys;
  private final StringBuilder text = new StringBuilder();
  private final List<String> changes = new ArrayList<>();

  /**
   * @param settings what the config was made of
   */
  public Description(Section settings) {
    this(settings, KeyStyle.CAMEL_CASE);
  }

  public Description(Section settings, KeyStyle keys) {
    this.settings = settings;
    this.keys = keys;
  }

  public String of(Record config) {
    record(List.of(), config);
    return text.toString();
  }

  /** The settings somebody set, one line each. */
  public List<String> changes(Record config) {
    record(List.of(), config);
    return changes;
  }

  private void record(List<String> parent, Record value) {
    for (RecordComponent component : value.getClass().getRecordComponents()) {
      entry(
          path(parent, keys.key(component.getName())), RecordSettings.component(component, value));
    }
  }

  private void entry(List<String> path, Object value) {
    String key = "  ".repeat(path.size() - 1) + quoted(path.getLast()) + ":";
    if (value instanceof Record section && !(value instanceof ByteSize)) {
      text.append(key).append('\n');
      record(path, section);
    } else if (value instanceof Map<?, ?> map && !map.isEmpty()) {
      text.append(key).append('\n');
      map(path, map);
    } else if (value instanceof List<?> list && list.stream().anyMatch(Record.class::isInstance)) {
      text.append(key).append('\n');
      list.forEach(item -> item(path, (Record) item));
    } else {
      leaf(key, path, shown(path, value));
    }
  }

  private void map(List<String> path, Map<?, ?> map) {
    Map<String, Object> sorted = new TreeMap<>();
    map.forEach((key, value) -> sorted.put(key.toString(), value));
    sorted.forEach((key, value) -> entry(path(path, key), value));
  }

  /** On one line. */
  private void item(List<String> path, Record item) {
    text.append("  ".repeat(path.size())).append("- {");
    String separator = "";
    for (RecordComponent component : item.getClass().getRecordComponents()) {
      String key = keys.key(component.getName());
      Object value = RecordSettings.component(component, item);
      text.append(separator).append(key).append(": ").append(shown(List.of(key), value));
      separator = ", ";
    }
    text.append("}\n");
  }

  private void leaf(String key, List<String> path, String value) {
    text.append(key).append(' ').append(value);
    Origin origin = settings.originOf(path);
    if (!origin.equals(Origin.BUILT_IN)) {
      text.append("  # ").append(origin.place());
      changes.add("%s=%s from %s".formatted(String.join(".", path), value, origin.place()));
    }
    text.append('\n');
  }

  private static String shown(List<String> path, Object value) {
    // No switch over types: each costs a start some twenty milliseconds.
    if (value instanceof Map<?, ?>) {
      return "{}";
    }
    if (value instanceof List<?> list) {
      return list.stream()
          .map(item -> item(path.getLast(), item))
          .collect(Collectors.joining(", ", "[", "]"));
    }
    return value instanceof String secret
        ? quoted(Secrets.masked(path.getLast(), secret))
        : Scalars.write(value);
  }

  private static String item(String key, Object item) {
    String text = Secrets.masked(key, Scalars.write(item));
    return text.matches(PLAIN_ITEM) ? text : quoted(text);
  }

  private static String quoted(String value) {
    return value.matches(PLAIN) && !value.equals("null")
        ? value
        : '"' + value.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n") + '"';
  }

  private static List<String> path(List<String> parent, String key) {
    List<String> path = new ArrayList<>(parent);
    path.add(key);
    return path;
  }
}
