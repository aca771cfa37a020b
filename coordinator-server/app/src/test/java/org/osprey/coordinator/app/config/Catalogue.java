package org.osprey.coordinator.app.config;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads coordinator-default.yaml as text, with its comments. */
final class Catalogue {
  private static final Pattern LINE = Pattern.compile("( *)(\\w+):(?: (.*))?");
  private static final Pattern COMMENT = Pattern.compile(" *# (.*?)(?: \\[([A-Z_]+)])?");

  private Catalogue() {}

  /** One that holds a value. */
  record Key(String path, String standard, String meaning, String variable) {
    /** The outermost section, or the key itself where it is in none. */
    String section() {
      return path.replaceFirst("\\..*", "");
    }
  }

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

  /** What is said above each section, by its path. */
  static Map<String, String> sections() {
    Map<String, String> meanings = new LinkedHashMap<>();
    List<String> sections = new ArrayList<>();
    String before = "";
    for (String line : text().lines().toList()) {
      Matcher key = LINE.matcher(line);
      if (key.matches()) {
        sections.subList(key.group(1).length() / 2, sections.size()).clear();
        sections.add(key.group(2));
        if (key.group(3) == null) {
          meanings.put(String.join(".", sections), before.strip().substring(2));
        }
      }
      before = line;
    }
    return meanings;
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
