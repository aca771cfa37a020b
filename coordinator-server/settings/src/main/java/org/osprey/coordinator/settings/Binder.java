package org.osprey.coordinator.settings;

import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.osprey.coordinator.settings.InvalidSettingsException.Violation;
import org.osprey.coordinator.settings.Setting.Items;
import org.osprey.coordinator.settings.Setting.Scalar;
import org.osprey.coordinator.settings.Setting.Section;

/**
 * Makes records out of settings. Where a value can't be used, the mistake is noted and the default
 * stands in for it, so that the rest is checked as well; nobody sees the result of that.
 */
public final class Binder {
  private final String base;
  private final KeyStyle keys;
  private final Section defaults;
  private final NamedSections named;
  private final Mistakes mistakes;
  private final UnknownKeys unknown;
  private final Map<Class<?>, Section> items = new LinkedHashMap<>();

  /**
   * @param defaults has every component, with a value that binds
   * @param unknown is asked about keys that no component has
   */
  public Binder(Section defaults, NamedSections named, UnknownKeys unknown, Mistakes mistakes) {
    this("", KeyStyle.CAMEL_CASE, defaults, named, unknown, mistakes);
  }

  /**
   * @param base the path of what is bound, for people
   */
  public Binder(
      String base,
      KeyStyle keys,
      Section defaults,
      NamedSections named,
      UnknownKeys unknown,
      Mistakes mistakes) {
    this.base = base;
    this.keys = keys;
    this.defaults = defaults;
    this.named = named;
    this.unknown = unknown;
    this.mistakes = mistakes;
  }

  /**
   * For lists of records.
   *
   * @param standard has every component, with a value that binds
   */
  public Binder items(Class<? extends Record> type, Section standard) {
    items.put(type, standard);
    return this;
  }

  public <T extends Record> T bind(Class<T> type, Section settings) {
    return type.cast(record(type, base, settings, defaults));
  }

  private Object record(Class<?> type, String path, Section given, Section standard) {
    RecordComponent[] components = type.getRecordComponents();
    unknown.refuse(path, given, Arrays.stream(components).map(this::key).toList());
    Object[] values = new Object[components.length];
    for (int i = 0; i < components.length; i++) {
      String name = key(components[i]);
      Setting fallback = present(standard, Names.child(path, name), name);
      Setting setting = given.entries().getOrDefault(name, fallback);
      values[i] = value(components[i].getGenericType(), Names.child(path, name), setting, fallback);
    }
    try {
      return create(type, components, values);
    } catch (InvalidSettingsException e) {
      e.violations().forEach(violation -> note(path, given, violation));
      return standIn(type, path, given, standard, e);
    } catch (IllegalArgumentException e) {
      mistakes.at(path, given.origin(), Objects.requireNonNullElse(e.getMessage(), e.toString()));
      return standIn(type, path, given, standard, e);
    }
  }

  private String key(RecordComponent component) {
    return keys.key(component.getName());
  }

  private Object standIn(
      Class<?> type,
      String path,
      Section given,
      Section standard,
      IllegalArgumentException refusal) {
    if (given.equals(standard)) {
      throw new IllegalStateException("a default is refused by its own rule", refusal);
    }
    return record(type, path, standard, standard);
  }

  private Object value(Type type, String path, Setting setting, Setting fallback) {
    Class<?> raw = raw(type);
    if (raw == List.class) {
      Section standard = items.get(argument(type, 0));
      return standard == null
          ? list(argument(type, 0), path, setting)
          : records(argument(type, 0), path, setting, standard);
    }
    if (raw == Map.class) {
      return map(type, path, setting);
    }
    return raw.isRecord() && raw != ByteSize.class
        ? section(raw, path, setting, fallback)
        : scalar(raw, path, setting, fallback);
  }

  private Object section(Class<?> type, String path, Setting setting, Setting fallback) {
    Section standard = (Section) fallback;
    if (setting instanceof Section section) {
      return record(type, path, section, standard);
    }
    mistakes.at(path, setting.origin(), "got " + setting.kind() + ", want a section");
    return record(type, path, standard, standard);
  }

  private Object scalar(Class<?> type, String path, Setting setting, Setting fallback) {
    if (!(setting instanceof Scalar(String text, Origin origin))) {
      mistakes.at(path, setting.origin(), "got " + setting.kind() + ", want a single value");
      return scalar(type, path, fallback, fallback);
    }
    try {
      return Scalars.read(type, text);
    } catch (IllegalArgumentException e) {
      mistakes.value(path, origin, text, String.valueOf(e.getMessage()));
      return scalar(type, path, fallback, fallback);
    }
  }

  /** Items, or in one value with commas between them. */
  private List<Object> list(Class<?> type, String path, Setting setting) {
    List<Object> values = new ArrayList<>();
    for (Setting item : items(path, setting)) {
      read(type, path, item, values);
    }
    return values;
  }

  /** Without those that cannot be used. */
  private List<Object> records(Class<?> type, String path, Setting setting, Section standard) {
    List<Object> values = new ArrayList<>();
    if (!(setting instanceof Items(List<Setting> items, Origin origin))) {
      mistakes.at(path, setting.origin(), "got " + setting.kind() + ", want a list of sections");
      return values;
    }
    for (int i = 0; i < items.size(); i++) {
      int before = mistakes.count();
      Object value = section(type, "%s[%d]".formatted(path, i), items.get(i), standard);
      if (mistakes.count() == before) {
        values.add(value);
      }
    }
    return values;
  }

  private List<Setting> items(String path, Setting setting) {
    if (setting instanceof Items items) {
      return items.items();
    }
    if (setting instanceof Scalar(String text, Origin origin)) {
      return Arrays.stream(text.split(",", -1))
          .map(String::strip)
          .filter(part -> !part.isEmpty())
          .<Setting>map(part -> new Scalar(part, origin))
          .toList();
    }
    mistakes.at(path, setting.origin(), "got " + setting.kind() + ", want a list");
    return List.of();
  }

  private Map<Object, Object> map(Type type, String path, Setting setting) {
    Map<Object, Object> values = new LinkedHashMap<>();
    if (!(setting instanceof Section section)) {
      mistakes.at(path, setting.origin(), "got " + setting.kind() + ", want keys and values");
      return values;
    }
    section
        .entries()
        .forEach(
            (key, value) -> {
              List<Object> entry = new ArrayList<>();
              read(argument(type, 0), path, new Scalar(key, value.origin()), entry);
              element(argument(type, 1), path, key, value, entry);
              if (entry.size() == 2) {
                values.put(entry.getFirst(), entry.getLast());
              }
            });
    return values;
  }

  private void element(Class<?> type, String path, String key, Setting value, List<Object> values) {
    String full = Names.child(path, key);
    if (type.isRecord() && type != ByteSize.class) {
      int before = mistakes.count();
      Object section = section(type, full, value, named.standard(defaults, path));
      // One that stands in for a section that cannot be used would bring mistakes of its own.
      if (mistakes.count() == before) {
        values.add(section);
      }
    } else {
      read(type, full, value, values);
    }
  }

  /** Adds what it could read to {@code values}. */
  private void read(Class<?> type, String path, Setting setting, List<Object> values) {
    if (!(setting instanceof Scalar(String text, Origin origin))) {
      mistakes.at(path, setting.origin(), "got " + setting.kind() + ", want a single value");
      return;
    }
    try {
      values.add(Scalars.read(type, text));
    } catch (IllegalArgumentException e) {
      mistakes.value(path, origin, text, String.valueOf(e.getMessage()));
    }
  }

  private void note(String path, Section given, Violation violation) {
    List<String> inner = new ArrayList<>(violation.path());
    inner.replaceAll(keys::key);
    String full = Names.child(path, String.join(".", inner));
    mistakes.value(full, given.originOf(inner), violation.got(), violation.want());
  }

  private static Setting present(Section standard, String path, String name) {
    Setting setting = standard.entries().get(name);
    if (setting == null) {
      throw new IllegalStateException("no default for " + path);
    }
    return setting;
  }

  private static Object create(Class<?> type, RecordComponent[] components, Object[] values) {
    try {
      Class<?>[] types =
          Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new);
      Constructor<?> constructor = type.getDeclaredConstructor(types);
      constructor.setAccessible(true);
      return constructor.newInstance(values);
    } catch (InvocationTargetException e) {
      if (e.getCause() instanceof IllegalArgumentException refusal) {
        throw refusal;
      }
      throw new IllegalStateException("could not make " + type, e);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("could not make " + type, e);
    }
  }

  private static Class<?> raw(Type type) {
    return type instanceof ParameterizedType generic
        ? (Class<?>) generic.getRawType()
        : (Class<?>) type;
  }

  private static Class<?> argument(Type type, int index) {
    return (Class<?>) ((ParameterizedType) type).getActualTypeArguments()[index];
  }
}
