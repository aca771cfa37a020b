package org.osprey.coordinator.collectors.config;

import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.osprey.coordinator.collector.CollectorKind;
import org.osprey.coordinator.settings.KeyStyle;
import org.osprey.coordinator.settings.RecordSettings;

/** Whether a kind keeps to what {@link CollectorKind} says, so that settings can bind to it. */
final class KindCheck {
  private static final Set<Class<?>> SINGLE =
      Set.of(
          String.class,
          int.class,
          Integer.class,
          long.class,
          Long.class,
          double.class,
          Double.class,
          boolean.class,
          Boolean.class,
          Duration.class);

  private static final String NAME = "[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?";

  private KindCheck() {}

  /**
   * @throws RuntimeException whatever the kind throws, or saying what it does wrong
   */
  @SuppressWarnings("ConstantValue") // what others wrote may return null
  static String name(CollectorKind<?> kind) {
    String name = kind.name();
    if (name == null || !name.matches(NAME)) {
      throw new IllegalArgumentException(
          "name() is \"%s\", want lower case letters, digits and hyphens".formatted(name));
    }
    Record defaults = kind.defaults();
    if (defaults == null || kind.ignored() == null) {
      throw new IllegalArgumentException("defaults() or ignored() is null, want a value");
    }
    for (RecordComponent component : defaults.getClass().getRecordComponents()) {
      if (!binds(component.getGenericType())) {
        throw new IllegalArgumentException(
            "setting %s is of type %s, want String, a number, boolean, Duration, an enum, a List of"
                    .formatted(component.getName(), component.getGenericType())
                + " these, or a Map from String to these");
      }
    }
    RecordSettings.of(defaults, KeyStyle.SNAKE_CASE);
    return name;
  }

  private static boolean binds(Type type) {
    if (type instanceof ParameterizedType generic) {
      Type[] arguments = generic.getActualTypeArguments();
      return generic.getRawType() == List.class
          ? isSingle(arguments[0])
          : generic.getRawType() == Map.class
              && arguments[0] == String.class
              && isSingle(arguments[1]);
    }
    return isSingle(type);
  }

  private static boolean isSingle(Type type) {
    return type instanceof Class<?> single && (SINGLE.contains(single) || single.isEnum());
  }
}
