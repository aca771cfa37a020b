package org.osprey.coordinator.app.config;

import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.osprey.coordinator.app.config.Setting.Section;

/** Writes a config as YAML that says where each value comes from. */
final class Description {
  private static final String PLAIN = "[A-Za-z0-9./][A-Za-z0-9./_-]*(:\\d+)?";

  private final Section settings;
  private final StringBuilder text = new StringBuilder();
  private final List<String> changes = new ArrayList<>();

  /**
   * @param settings what the config was made of
   */
  Description(Section settings) {
    this.settings = settings;
  }

  String of(Record config) {
    record(List.of(), config);
    return text.toString();
  }

  /** The settings somebody set, one line each. */
  List<String> changes(Record config) {
    record(List.of(), config);
    return changes;
  }

  private void record(List<String> parent, Record value) {
    for (RecordComponent component : value.getClass().getRecordComponents()) {
      entry(path(parent, component.getName()), component(component, value));
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
    } else {
      leaf(key, path, shown(path, value));
    }
  }

  private void map(List<String> path, Map<?, ?> map) {
    Map<String, Object> sorted = new TreeMap<>();
    map.forEach((key, value) -> sorted.put(key.toString(), value));
    sorted.forEach((key, value) -> entry(path(path, key), value));
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
      return list.stream().map(Scalars::write).collect(Collectors.joining(", ", "[", "]"));
    }
    return value instanceof String secret
        ? quoted(Secrets.masked(path.getLast(), secret))
        : Scalars.write(value);
  }

  private static String quoted(String value) {
    return value.matches(PLAIN) && !value.equals("null")
        ? value
        : '"' + value.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n") + '"';
  }

  private static Object component(RecordComponent component, Record value) {
    try {
      return component.getAccessor().invoke(value);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("could not read " + component, e);
    }
  }

  private static List<String> path(List<String> parent, String key) {
    List<String> path = new ArrayList<>(parent);
    path.add(key);
    return path;
  }
}
