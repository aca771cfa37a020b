package org.osprey.coordinator.security;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Files that are loaded again when they have changed. What was loaded stays while the new ones are
 * no good, for instance because only one of two is there yet. For one thread.
 */
final class WatchedFiles {
  private static final Logger log = LoggerFactory.getLogger(WatchedFiles.class);

  private final String setting;
  private final List<Path> files;
  private final Load load;
  private List<String> loaded = List.of();
  private volatile @Nullable String problem;

  /** Takes over what the files say, or nothing of it. */
  @FunctionalInterface
  interface Load {
    /**
     * @throws IOException for people, naming the file
     */
    void run() throws IOException;
  }

  /**
   * @param setting where the files are named
   */
  WatchedFiles(String setting, List<Path> files, Load load) {
    this.setting = setting;
    this.files = List.copyOf(files);
    this.load = load;
  }

  /**
   * For the first time.
   *
   * @throws IllegalArgumentException naming the setting
   */
  void load() {
    List<String> now = state();
    try {
      load.run();
    } catch (IOException e) {
      throw new IllegalArgumentException("%s: %s".formatted(setting, e.getMessage()), e);
    }
    loaded = now;
  }

  void look() {
    List<String> now = state();
    if (now.equals(loaded)) {
      problem = null;
      return;
    }
    try {
      load.run();
      loaded = now;
      problem = null;
      log.info("loaded again: setting={}", setting);
    } catch (IOException e) {
      fail(String.valueOf(e.getMessage()));
    }
  }

  /** What is wrong with the files as they are now; null when they are in use. */
  @Nullable String problem() {
    return problem;
  }

  private void fail(String message) {
    String now = setting + ": " + message;
    if (!now.equals(problem)) {
      log.warn("not loaded, what was loaded before stays: {}", now);
    }
    problem = now;
  }

  private List<String> state() {
    List<String> state = new ArrayList<>();
    for (Path file : files) {
      state.add(state(file));
    }
    return state;
  }

  private static String state(Path file) {
    try {
      BasicFileAttributes now = Files.readAttributes(file, BasicFileAttributes.class);
      return "%s %d %s".formatted(now.lastModifiedTime(), now.size(), now.fileKey());
    } catch (IOException e) {
      return "none";
    }
  }
}
