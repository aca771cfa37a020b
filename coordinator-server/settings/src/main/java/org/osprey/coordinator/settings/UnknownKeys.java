package org.osprey.coordinator.settings;

import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.osprey.coordinator.settings.Setting.Section;

/** Refuses keys that no component has, and says which one was probably meant. */
public final class UnknownKeys {
  private final String base;
  private final Section defaults;
  private final Mistakes mistakes;

  /**
   * @param base the path of {@code defaults}, for people
   * @param defaults has every key there is
   */
  public UnknownKeys(String base, Section defaults, Mistakes mistakes) {
    this.base = base;
    this.defaults = defaults;
    this.mistakes = mistakes;
  }

  public void refuse(String path, Section given, Collection<String> known) {
    given
        .entries()
        .forEach(
            (key, value) -> {
              if (!known.contains(key)) {
                String what = "unknown key, did you mean %s?".formatted(meant(path, key, known));
                mistakes.at(Names.child(path, key), value.origin(), what);
              }
            });
  }

  /** The same key in another section, or else the nearest one in this. */
  private String meant(String path, String key, Collection<String> known) {
    Set<String> candidates = new LinkedHashSet<>(known);
    if (path.equals(base)) {
      candidates.addAll(defaults.entries().keySet());
    }
    return find(key, base, defaults)
        .orElseGet(() -> Names.child(path, Names.nearest(key, candidates).orElse("nothing")));
  }

  private static Optional<String> find(String key, String path, Section section) {
    for (Map.Entry<String, Setting> entry : section.entries().entrySet()) {
      String child = Names.child(path, entry.getKey());
      if (entry.getKey().equals(key)) {
        return Optional.of(child);
      }
      Optional<String> inner =
          entry.getValue() instanceof Section below ? find(key, child, below) : Optional.empty();
      if (inner.isPresent()) {
        return inner;
      }
    }
    return Optional.empty();
  }
}
