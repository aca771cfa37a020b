package org.osprey.coordinator.settings;

import java.lang.reflect.RecordComponent;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.osprey.coordinator.settings.Setting.Items;
import org.osprey.coordinator.settings.Setting.Scalar;
import org.osprey.coordinator.settings.Setting.Section;

/** A record as the settings that bind to it. */
public final class RecordSettings {

  private RecordSettings() {}

  /**
   * @return the same for equal records, whatever the order of their maps
   * @throws IllegalArgumentException when a component has no value
   */
  public static Section of(Record value, KeyStyle keys) {
    Map<String, Setting> entries = new LinkedHashMap<>();
    for (RecordComponent component : value.getClass().getRecordComponents()) {
      String key = keys.key(component.getName());
      entries.put(key, setting(key, component(component, value), keys));
    }
    return new Section(entries, Origin.BUILT_IN);
  }

  /** What each component has, by its key. */
  public static Map<String, Object> values(Record value, KeyStyle keys) {
    Map<String, Object> values = new LinkedHashMap<>();
    for (RecordComponent component : value.getClass().getRecordComponents()) {
      values.put(keys.key(component.getName()), component(component, value));
    }
    return values;
  }

  /** Also of a record that is not public. */
  static Object component(RecordComponent component, Record value) {
    try {
      component.getAccessor().setAccessible(true);
      return component.getAccessor().invoke(value);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("could not read " + component, e);
    }
  }

  private static Setting setting(String key, @Nullable Object value, KeyStyle keys) {
    if (value == null) {
      throw new IllegalArgumentException(key + " has no value");
    }
    if (value instanceof Record section && !(value instanceof ByteSize)) {
      return of(section, keys);
    }
    if (value instanceof Map<?, ?> map) {
      Map<String, Setting> entries = new TreeMap<>();
      map.forEach((name, entry) -> entries.put(name.toString(), setting(key, entry, keys)));
      return new Section(entries, Origin.BUILT_IN);
    }
    return value instanceof List<?> list
        ? new Items(list.stream().map(item -> setting(key, item, keys)).toList(), Origin.BUILT_IN)
        : new Scalar(Scalars.write(value), Origin.BUILT_IN);
  }
}
