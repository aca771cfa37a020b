package org.osprey.coordinator.app.config;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads coordinator-default.yaml as text, with its comments. */
final class Catalogue {
  private static final Pattern LINE = Pattern.compile("( *)(\\w+):(?: (.*))?");
  private static final Pattern COMMENT = Pattern.compile(" *# (.*?)(?: \\[([A-Z_]+)])?");

  private Catalogue() {}

  /** One that holds a value; sections are left out. */
  record Key(String path, String standard, String meaning, String variable) {}

  static List<Key> read() {
    List<Key> keys = new ArrayList<>();
    List<String> sections = new ArrayList<>();
    Matcher comment = COMMENT.matcher("");
    for (String line : text().lines().toList()) {
      Matcher key = LINE.matcher(line);
      if (key.matches()) {
        int depth = key.group(1).length() / 2;
        sections.subList(depth, sections.size()).clear();
        sections.add(key.group(2));
        if (key.group(3) != null) {
          keys.add(key(String.join(".", sections), key.group(3), comment));
        }
      }
      comment = COMMENT.matcher(line);
    }
    return keys;
  }

  private static Key key(String path, String standard, Matcher comment) {
    if (!comment.matches()) {
      throw new AssertionError("no comment above " + path);
    }
    return new Key(
        path, standard, comment.group(1), Objects.requireNonNullElse(comment.group(2), ""));
  }

  private static String text() {
    try (InputStream in = Catalogue.class.getResourceAsStream("/coordinator-default.yaml")) {
      return new String(Objects.requireNonNull(in).readAllBytes(), UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
