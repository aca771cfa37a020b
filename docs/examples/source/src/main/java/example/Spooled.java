package example;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/**
 * A message in a file: lines {@code name: value}, an empty line, and the data.
 *
 * @param written when
 */
@SuppressWarnings("ArrayRecordComponent") // opaque bytes, handed through
record Spooled(Path file, Map<String, String> attributes, byte[] data, Instant written) {

  static Spooled read(Path file) throws IOException {
    byte[] all = Files.readAllBytes(file);
    int end = end(all);
    Map<String, String> attributes = new HashMap<>();
    new String(all, 0, end, UTF_8)
        .lines()
        .map(line -> line.split(": ", 2))
        .filter(parts -> parts.length == 2)
        .forEach(parts -> attributes.put(parts[0], parts[1]));
    byte[] data = Arrays.copyOfRange(all, Math.min(end + 1, all.length), all.length);
    return new Spooled(file, attributes, data, Files.getLastModifiedTime(file).toInstant());
  }

  /** For people. */
  String origin() {
    return "file=" + file.getFileName();
  }

  /** Where the empty line is. */
  private static int end(byte[] all) {
    for (int i = 0; i < all.length; i++) {
      if (all[i] == '\n' && (i == 0 || all[i - 1] == '\n')) {
        return i;
      }
    }
    return all.length;
  }
}
