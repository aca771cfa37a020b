package org.osprey.coordinator.collectors.builtin.file;

import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.FileVisitOption;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Finds the files that patterns match. */
final class Globs {
  private static final String SPECIAL = "*?[{\\";

  /** Of folders below the part of a pattern that is certain, where it has {@code **}. */
  private static final int DEEPEST = 16;

  /** Entries that are looked at for one pattern. */
  private static final int MAX_VISITED = 100_000;

  /** Nothing in these would be a line. */
  private static final List<String> PACKED = List.of(".gz", ".bz2", ".xz", ".zst", ".zip");

  private Globs() {}

  /** What they match now, but for packed files. What may not be listed matches nothing. */
  static Set<Path> find(List<String> patterns) throws IOException {
    Set<Path> found = new TreeSet<>();
    for (String pattern : patterns) {
      if (pattern.chars().anyMatch(c -> SPECIAL.indexOf(c) >= 0)) {
        walk(pattern, found);
      } else {
        found.add(Path.of(pattern));
      }
    }
    found.removeIf(path -> PACKED.stream().anyMatch(path.toString()::endsWith));
    return found;
  }

  private static void walk(String pattern, Set<Path> found) throws IOException {
    String[] parts = pattern.split("/", -1);
    int certain = 0;
    while (parts[certain].chars().noneMatch(c -> SPECIAL.indexOf(c) >= 0)) {
      certain++;
    }
    String base = String.join("/", List.of(parts).subList(0, certain));
    Path from = Path.of(base.isEmpty() && pattern.startsWith("/") ? "/" : base);
    int depth = pattern.contains("**") ? DEEPEST : parts.length - certain;
    PathMatcher matcher = FileSystems.getDefault().getPathMatcher("glob:" + pattern);
    Files.walkFileTree(
        from, EnumSet.of(FileVisitOption.FOLLOW_LINKS), depth, new Visitor(matcher, found));
  }

  private static final class Visitor extends SimpleFileVisitor<Path> {
    private final PathMatcher matcher;
    private final Set<Path> found;
    private int visited;

    Visitor(PathMatcher matcher, Set<Path> found) {
      this.matcher = matcher;
      this.found = found;
    }

    @Override
    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
      if (attributes.isRegularFile() && matcher.matches(file)) {
        found.add(file);
      }
      visited++;
      return visited < MAX_VISITED ? FileVisitResult.CONTINUE : FileVisitResult.TERMINATE;
    }

    @Override
    public FileVisitResult visitFileFailed(Path file, IOException why) {
      return FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult postVisitDirectory(Path directory, @Nullable IOException why) {
      return FileVisitResult.CONTINUE;
    }
  }
}
