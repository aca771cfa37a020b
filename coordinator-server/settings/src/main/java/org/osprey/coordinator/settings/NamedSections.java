package org.osprey.coordinator.settings;

import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.osprey.coordinator.settings.Setting.Scalar;
import org.osprey.coordinator.settings.Setting.Section;

/**
 * Sections under names that operators choose: the values of a map of records. A single value stands
 * for the first component of its record. What such a section does not say, the section around the
 * map says for all of them; what that does not say either is an empty text.
 */
public final class NamedSections {
  private static final String NAME = "*";

  private final List<Place> places = new ArrayList<>();

  /** Where such a map is, and what its values are. */
  private record Place(List<String> around, String name, List<RecordComponent> components) {
    List<String> path() {
      List<String> path = new ArrayList<>(around);
      path.add(name);
      return path;
    }
  }

  /** What becomes of one of the sections. */
  @FunctionalInterface
  private interface Change {
    Setting of(Place place, String name, Setting value, Section around);
  }

  /**
   * @param tree the record whose components, or theirs, are such maps
   */
  public NamedSections(Class<? extends Record> tree) {
    collect(tree, List.of());
  }

  /** The type of the sections if that is what the values of a map are, or null. */
  public static @Nullable Class<?> type(RecordComponent map) {
    return map.getType() == Map.class
            && map.getGenericType() instanceof ParameterizedType generic
            && generic.getActualTypeArguments()[1] instanceof Class<?> value
            && value.isRecord()
            && value != ByteSize.class
        ? value
        : null;
  }

  /** One layer, with sections where single values were. */
  public Section spelledOut(Section layer) {
    return each(
        layer,
        (place, name, value, around) ->
            value instanceof Scalar
                ? new Section(Map.of(place.components.getFirst().getName(), value), value.origin())
                : value);
  }

  /** With the variables whose names hold those of the sections. */
  public Section over(Section lower, Map<String, String> variables) {
    return each(
        lower,
        (place, name, value, around) ->
            value instanceof Section section ? over(place, name, section, variables) : value);
  }

  /** With every component of every section. */
  public Section completed(Section settings) {
    return each(
        settings,
        (place, name, value, around) ->
            value instanceof Section section ? standard(place, around).under(section) : value);
  }

  /**
   * What stands in for a section whose values cannot be used.
   *
   * @param defaults has the section around the map, with all that the records have
   */
  public Section standard(Section defaults, String map) {
    Place place =
        places.stream()
            .filter(one -> String.join(".", one.path()).equals(map))
            .findFirst()
            .orElseThrow();
    return standard(place, at(defaults, place.around));
  }

  private static Section over(
      Place place, String name, Section section, Map<String, String> variables) {
    Section result = section;
    for (RecordComponent component : place.components) {
      Variable variable = component.getAnnotation(Variable.class);
      if (variable == null) {
        continue;
      }
      String key = variable.value().replace(NAME, inVariable(name));
      String value = variables.getOrDefault(key, "").strip();
      if (!value.isEmpty()) {
        Setting set = new Scalar(value, new Origin.Environment(key));
        result = result.with(List.of(component.getName()), set);
      }
    }
    return result;
  }

  private static String inVariable(String name) {
    return name.toUpperCase(Locale.ROOT).replaceAll("[^A-Z0-9]", "_");
  }

  private static Section standard(Place place, Section around) {
    Map<String, Setting> entries = new LinkedHashMap<>();
    for (RecordComponent component : place.components) {
      Setting empty = new Scalar("", Origin.BUILT_IN);
      entries.put(component.getName(), around.entries().getOrDefault(component.getName(), empty));
    }
    return new Section(entries, around.origin());
  }

  private Section each(Section settings, Change change) {
    Section result = settings;
    for (Place place : places) {
      Section around = at(result, place.around);
      if (around.entries().get(place.name) instanceof Section map) {
        Map<String, Setting> changed = new LinkedHashMap<>();
        map.entries()
            .forEach((name, value) -> changed.put(name, change.of(place, name, value, around)));
        result = result.with(place.path(), new Section(changed, map.origin()));
      }
    }
    return result;
  }

  private static Section at(Section settings, List<String> path) {
    Section section = settings;
    for (String key : path) {
      section = section.entries().get(key) instanceof Section inner ? inner : Section.EMPTY;
    }
    return section;
  }

  private void collect(Class<?> type, List<String> path) {
    for (RecordComponent component : type.getRecordComponents()) {
      Class<?> named = type(component);
      if (named != null) {
        places.add(new Place(path, component.getName(), List.of(named.getRecordComponents())));
      } else if (component.getType().isRecord()) {
        List<String> inner = new ArrayList<>(path);
        inner.add(component.getName());
        collect(component.getType(), List.copyOf(inner));
      }
    }
  }
}
