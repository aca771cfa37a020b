package org.osprey.coordinator.docs;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** The programs of the repository, for pages that show pieces of them. */
final class Examples {
  private final List<String> sources = new ArrayList<>();

  /**
   * @param ending of the files, such as {@code .java}
   */
  Examples(String ending) {
    for (Path file : Document.files(Document.ROOT, ending)) {
      try {
        sources.add("\n" + stripped(Files.readString(file)));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  /** Whether these lines stand in one of them, one after the other, however they are indented. */
  boolean have(String lines) {
    String wanted = "\n" + stripped(lines);
    return sources.stream().anyMatch(source -> source.contains(wanted));
  }

  private static String stripped(String text) {
    return text.lines()
            .map(String::strip)
            .filter(line -> !line.isEmpty())
            .collect(Collectors.joining("\n"))
        + "\n";
  }
}
