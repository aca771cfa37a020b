package org.osprey.coordinator.app;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Settings say "none" with an empty text, modules with null. */
final class Unset {
  private Unset() {}

  static @Nullable String text(String setting) {
    return setting.isEmpty() ? null : setting;
  }

  static @Nullable Path file(String setting) {
    return setting.isEmpty() ? null : Path.of(setting);
  }
}
