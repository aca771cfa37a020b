package org.osprey.coordinator.collectors.builtin.file;

import java.nio.file.FileSystems;
import java.time.Duration;
import java.util.List;
import org.osprey.coordinator.collectors.builtin.Wants;

/**
 * @param paths of files, in which {@code *}, {@code ?}, {@code [a-z]}, {@code {a,b}} and {@code **}
 *     match
 * @param from where to begin in files that are there when it runs for the first time; those that
 *     appear later are read from their beginning
 * @param maxLine bytes of a line; what is longer is cut
 * @param maxFiles that are open at the same time
 */
public record FileConfig(
    List<String> paths, From from, Duration pollInterval, int maxLine, int maxFiles) {
  private static final int MAX_PATHS = 100;
  private static final int MAX_LINE = 1 << 20;

  /** Of so many the positions fit into one text. */
  private static final int MAX_FILES = 512;

  static final FileConfig DEFAULTS =
      new FileConfig(List.of(), From.END, Duration.ofMillis(250), 64 * 1024, 256);

  public FileConfig {
    paths = List.copyOf(paths);
    Wants wants =
        new Wants()
            .that(paths.size() <= MAX_PATHS, "paths", paths.size(), "at most " + MAX_PATHS)
            .between(Duration.ofMillis(10), Duration.ofHours(1), pollInterval, "poll_interval")
            .between(16, MAX_LINE, maxLine, "max_line")
            .between(1, MAX_FILES, maxFiles, "max_files");
    for (String path : paths) {
      wants.that(isPattern(path), "paths", path, "a path or a pattern such as /var/log/*.log");
    }
    wants.check();
  }

  private static boolean isPattern(String path) {
    try {
      FileSystems.getDefault().getPathMatcher("glob:" + path);
      return !path.isBlank() && path.indexOf('\0') < 0;
    } catch (IllegalArgumentException e) {
      return false;
    }
  }
}
