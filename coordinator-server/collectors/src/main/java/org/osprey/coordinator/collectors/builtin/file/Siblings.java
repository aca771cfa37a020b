package org.osprey.coordinator.collectors.builtin.file;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Looks for a file beside where it was, by what it is and not by its name. */
final class Siblings {
  private static final Logger log = LoggerFactory.getLogger(Siblings.class);
  private static final int MAX_VISITED = 10_000;

  private Siblings() {}

  /**
   * @return null when it is gone
   */
  static FileId.@Nullable Found find(Bookmark bookmark) {
    Path directory = Path.of(bookmark.directory());
    try (DirectoryStream<Path> all = Files.newDirectoryStream(directory)) {
      int visited = 0;
      for (Path path : all) {
        FileId.Found found = FileId.find(path);
        if (found != null && found.id().equals(bookmark.id())) {
          return found;
        }
        visited++;
        if (visited == MAX_VISITED) {
          break;
        }
      }
    } catch (IOException e) {
      log.warn("cannot look for a file: directory={} error={}", directory, e.toString());
      return null;
    }
    log.warn(
        "a file is gone, and what was not read of it: directory={} inode={} position={}",
        directory,
        bookmark.id().inode(),
        bookmark.position());
    return null;
  }
}
