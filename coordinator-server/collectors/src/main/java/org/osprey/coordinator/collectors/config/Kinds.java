package org.osprey.coordinator.collectors.config;

import java.nio.file.Path;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.osprey.coordinator.collector.CollectorKind;

/** The kinds of collectors there are. Immutable. */
public final class Kinds {
  private final Map<String, CollectorKind<?>> kinds;
  private final List<String> warnings;

  Kinds(Map<String, CollectorKind<?>> kinds, List<String> warnings) {
    this.kinds = Collections.unmodifiableMap(new TreeMap<>(kinds));
    this.warnings = List.copyOf(warnings);
  }

  /** Those that come with the coordinator, and those of the jars in a folder, if there is one. */
  public static Kinds load(Path plugins) {
    KindLoader loader = new KindLoader();
    loader.builtIn(Kinds.class.getClassLoader());
    loader.plugins(plugins);
    return loader.kinds();
  }

  /** These and no others. */
  public static Kinds of(Collection<? extends CollectorKind<?>> kinds) {
    KindLoader loader = new KindLoader();
    kinds.forEach(kind -> loader.add("built in", kind));
    return loader.kinds();
  }

  public @Nullable CollectorKind<?> find(String name) {
    return kinds.get(name);
  }

  public Set<String> names() {
    return kinds.keySet();
  }

  /** What could not be used of what was found, one line each. */
  public List<String> warnings() {
    return warnings;
  }
}
