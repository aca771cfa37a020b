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
      text.append(key).append(' ').append(shown(path, value)).append(note(path)).append('\n');
    }
  }

  private void map(List<String> path, Map<?, ?> map) {
    Map<String, Object> sorted = new TreeMap<>();
    map.forEach((key, value) -> sorted.put(key.toString(), value));
    sorted.forEach((key, value) -> entry(path(path, key), value));
  }

  private String note(List<String> path) {
    Origin origin = settings.originOf(path);
    return origin.equals(Origin.BUILT_IN) ? "" : "  # " + origin.place();
  }

  private static String shown(List<String> path, Object value) {
    return switch (value) {
      case Map<?, ?> empty -> "{}";
      case List<?> list ->
          list.stream().map(Scalars::write).collect(Collectors.joining(", ", "[", "]"));
      case String secret -> quoted(Secrets.masked(path.getLast(), secret));
      case Object other -> Scalars.write(other);
    };
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
