package org.osprey.coordinator.ctl.api;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.osprey.coordinator.ctl.console.Failure;

/**
 * A file that somebody named.
 *
 * @param option the option or variable that names it
 */
public record NamedFile(String option, Path path) {

  /**
   * @throws Failure when there is none
   */
  File file() {
    if (!Files.isReadable(path) || Files.isDirectory(path)) {
      throw Failure.usage("%s: there is no file %s that can be read".formatted(option, path));
    }
    return path.toFile();
  }

  /**
   * @throws Failure when it can't be read
   */
  String text() {
    try {
      return Files.readString(file().toPath());
    } catch (IOException e) {
      throw Failure.usage(
          "%s: cannot read %s (%s)".formatted(option, path, e.getClass().getSimpleName()));
    }
  }
}
