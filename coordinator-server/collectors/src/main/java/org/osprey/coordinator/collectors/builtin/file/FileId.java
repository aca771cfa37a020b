package org.osprey.coordinator.collectors.builtin.file;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a file is, whatever it is called: until it is deleted, and its inode used again. */
record FileId(long device, long inode) {

  /**
   * @return null when there is no regular file
   */
  static @Nullable Found find(Path path) throws IOException {
    try {
      Map<String, Object> attributes =
          Files.readAttributes(path, "unix:dev,ino,isRegularFile,lastModifiedTime");
      if (!Boolean.TRUE.equals(attributes.get("isRegularFile"))) {
        return null;
      }
      FileId id = new FileId(number(attributes, "dev"), number(attributes, "ino"));
      FileTime modified = (FileTime) attributes.get("lastModifiedTime");
      return new Found(path, id, modified == null ? 0 : modified.toMillis());
    } catch (NoSuchFileException e) {
      return null;
    }
  }

  private static long number(Map<String, Object> attributes, String name) {
    return attributes.get(name) instanceof Number number ? number.longValue() : 0;
  }

  /**
   * @param modified when it was written last, in milliseconds
   */
  record Found(Path path, FileId id, long modified) {}
}
