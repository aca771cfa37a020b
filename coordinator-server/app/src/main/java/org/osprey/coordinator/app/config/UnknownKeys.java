package org.osprey.coordinator.app.config;

import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import org.osprey.coordinator.app.config.Setting.Section;

/** Refuses keys that no component has, and says which one was probably meant. */
final class UnknownKeys {
  private final Section defaults;
  private final Mistakes mistakes;

  /**
   * @param defaults has every key there is
   */
  UnknownKeys(Section defaults, Mistakes mistakes) {
    this.defaults = defaults;
    this.mistakes = mistakes;
  }

  void refuse(String path, Section given, Collection<String> known) {
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
    return find(key, "", defaults)
        .orElseGet(() -> Names.child(path, Names.nearest(key, known).orElseThrow()));
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
