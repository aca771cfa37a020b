package org.osprey.coordinator.collectors.builtin.file;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Bookmarks as one short JSON text. Directories stand in it once, and a file is an array: the
 * number of its directory, device, inode, position, length and checksum of its fingerprint.
 */
final class BookmarkText {
  private static final JsonMapper MAPPER = new JsonMapper();
  private static final int FIELDS = 6;

  private BookmarkText() {}

  static String write(List<Bookmark> bookmarks) {
    Map<String, Integer> directories = new LinkedHashMap<>();
    List<List<Long>> files = new ArrayList<>();
    for (Bookmark one : bookmarks) {
      Integer number = directories.get(one.directory());
      if (number == null) {
        number = directories.size();
        directories.put(one.directory(), number);
      }
      files.add(
          List.of(
              (long) number,
              one.id().device(),
              one.id().inode(),
              one.position(),
              (long) one.fingerprint().length(),
              one.fingerprint().checksum()));
    }
    return MAPPER.writeValueAsString(
        Map.of("directories", List.copyOf(directories.keySet()), "files", files));
  }

  /**
   * @throws IllegalArgumentException when it is none
   */
  static List<Bookmark> read(String text) {
    try {
      JsonNode tree = MAPPER.readTree(text);
      JsonNode directories = tree.path("directories");
      List<Bookmark> bookmarks = new ArrayList<>();
      for (JsonNode file : tree.path("files")) {
        if (file.size() != FIELDS) {
          throw new IllegalArgumentException("want 6 fields of a file, got " + file.size());
        }
        bookmarks.add(
            new Bookmark(
                directories.required(file.get(0).intValue()).stringValue(),
                new FileId(file.get(1).longValue(), file.get(2).longValue()),
                file.get(3).longValue(),
                new Fingerprint(file.get(4).intValue(), file.get(5).longValue())));
      }
      return bookmarks;
    } catch (JacksonException e) {
      throw new IllegalArgumentException("want positions as JSON", e);
    }
  }
}
