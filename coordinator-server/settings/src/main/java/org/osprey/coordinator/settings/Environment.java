package org.osprey.coordinator.settings;

import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.osprey.coordinator.settings.Setting.Scalar;
import org.osprey.coordinator.settings.Setting.Section;

/** The environment as the top layer of the settings. An empty variable counts as unset. */
public final class Environment {

  private static final String PREFIX = "OSPREY_COORDINATOR_";

  /**
   * Kubernetes sets OSPREY_COORDINATOR_SERVICE_HOST, 4 edits from a known name: no typing error.
   */
  private static final int CLOSE = 3;

  private final Map<String, String> variables;
  private final Map<String, List<String>> paths = new LinkedHashMap<>();

  /**
   * @param tree the record whose components, or theirs, carry {@link Variable}
   */
  public Environment(Class<? extends Record> tree, Map<String, String> variables) {
    this.variables = variables;
    collect(tree, List.of());
  }

  /** Where each known variable goes. */
  public Map<String, List<String>> paths() {
    return Map.copyOf(paths);
  }

  public Section over(Section lower, Mistakes mistakes) {
    Section result = lower;
    for (Map.Entry<String, List<String>> known : paths.entrySet()) {
      String value = variables.getOrDefault(known.getKey(), "").strip();
      if (!value.isEmpty()) {
        result = with(result, known.getKey(), known.getValue(), value, mistakes);
      }
    }
    return result;
  }

  /** Variables that look like a known one, but are none. */
  public List<String> warnings() {
    Set<String> known = new TreeSet<>(paths.keySet());
    return variables.keySet().stream()
        .filter(name -> name.startsWith(PREFIX) && !known.contains(name))
        .sorted()
        .flatMap(
            name ->
                Names.nearest(name, known).stream()
                    .filter(near -> Names.distance(name, near) <= CLOSE)
                    .map(
                        near ->
                            "%s is not a known variable, did you mean %s?".formatted(name, near)))
        .toList();
  }

  private void collect(Class<?> type, List<String> parent) {
    for (RecordComponent component : type.getRecordComponents()) {
      List<String> path = new ArrayList<>(parent);
      path.add(component.getName());
      Variable variable = component.getAnnotation(Variable.class);
      if (variable != null) {
        paths.put(variable.value(), List.copyOf(path));
      }
      if (component.getType().isRecord()) {
        collect(component.getType(), path);
      }
    }
  }

  private static Section with(
      Section section, String variable, List<String> path, String value, Mistakes mistakes) {
    Origin origin = new Origin.Environment(variable);
    String unit = unit(variable);
    if (unit.isEmpty()) {
      return section.with(path, new Scalar(value, origin));
    }
    if (!value.matches("\\d+")) {
      String want = "a whole number of " + (unit.equals("s") ? "seconds" : "milliseconds");
      mistakes.value(String.join(".", path), origin, value, want);
      return section;
    }
    return section.with(path, new Scalar(value + unit, origin));
  }

  /** Of the number that the variable holds; empty if it holds none. */
  private static String unit(String variable) {
    if (variable.endsWith("_SECS")) {
      return "s";
    }
    return variable.endsWith("_MS") ? "ms" : "";
  }
}
