package org.osprey.coordinator.app.config;

import java.lang.reflect.RecordComponent;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.osprey.coordinator.settings.ByteSize;
import org.osprey.coordinator.settings.Names;

/** Looks at a tree of records by path. */
final class Components {

  private Components() {}

  /** The type of each component that is no section. */
  static Map<String, Class<?>> of(Class<?> type) {
    Map<String, Class<?>> types = new LinkedHashMap<>();
    declared(type).forEach((path, component) -> types.put(path, component.getType()));
    return types;
  }

  /** Each component that is no section. */
  static Map<String, RecordComponent> declared(Class<?> type) {
    Map<String, RecordComponent> components = new LinkedHashMap<>();
    collect("", type, components);
    return components;
  }

  /** The value of each component that is no section. */
  static Map<String, Object> of(Record value) {
    Map<String, Object> values = new LinkedHashMap<>();
    collect("", value, values);
    return values;
  }

  private static void collect(String path, Class<?> type, Map<String, RecordComponent> components) {
    for (RecordComponent component : type.getRecordComponents()) {
      String child = Names.child(path, component.getName());
      if (isSection(component)) {
        collect(child, component.getType(), components);
      } else {
        components.put(child, component);
      }
    }
  }

  private static void collect(String path, Record value, Map<String, Object> values) {
    for (RecordComponent component : value.getClass().getRecordComponents()) {
      String child = Names.child(path, component.getName());
      Object inner = read(component, value);
      if (isSection(component)) {
        collect(child, (Record) inner, values);
      } else {
        values.put(child, inner);
      }
    }
  }

  private static boolean isSection(RecordComponent component) {
    return component.getType().isRecord() && component.getType() != ByteSize.class;
  }

  private static Object read(RecordComponent component, Record value) {
    try {
      return Objects.requireNonNull(component.getAccessor().invoke(value));
    } catch (ReflectiveOperationException e) {
      throw new LinkageError(component.toString(), e);
    }
  }
}
