package org.osprey.coordinator.docs;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** A Markdown file, taken apart. */
final class Document {
  static final Path ROOT = Path.of("../..").toAbsolutePath().normalize();

  private static final Set<String> NOT_OURS = Set.of("target", "node_modules");
  private static final Pattern FENCE = Pattern.compile(" {0,3}(```+)(.*)");
  private static final Pattern HEADING = Pattern.compile("#{1,6} +(.*)");
  private static final Pattern CODE = Pattern.compile("`((?:[^`\n]|\n(?!\n))+)`");
  private static final Pattern LINK = Pattern.compile("\\[[^]]*]\\(([^()\\s]+)\\)");
  private static final Pattern ATTRIBUTE = Pattern.compile("(?:src|srcset|href)=\"([^\"]+)\"");

  private final Path file;
  private final Set<String> anchors = new LinkedHashSet<>();
  private final List<Block> blocks = new ArrayList<>();
  private final List<Piece> links = new ArrayList<>();
  private final List<Piece> code = new ArrayList<>();

  /**
   * What stands somewhere.
   *
   * @param line from 1
   */
  record Piece(Document document, int line, String text) {
    /** For people who look for it. */
    String place() {
      return document.name() + ":" + line;
    }

    @Override
    public String toString() {
      return place() + ": " + text.replace("\n", "\\n");
    }
  }

  /**
   * A block of code.
   *
   * @param language empty for none
   * @param piece its text, from its first line on
   */
  record Block(String language, Piece piece) {}

  private Document(Path file) {
    this.file = file;
  }

  /** Of the whole repository. */
  static List<Document> all() {
    List<Document> all = new ArrayList<>();
    for (Path file : files(ROOT, ".md")) {
      all.add(read(file));
    }
    return all;
  }

  static Document read(Path file) {
    try {
      return parse(file, Files.readString(file));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static Document parse(Path file, String text) {
    Document document = new Document(file);
    document.prose(document.withoutBlocks(text));
    return document;
  }

  /** Those of the repository, without what a build or a program left. */
  static List<Path> files(Path folder, String ending) {
    List<Path> found = new ArrayList<>();
    try {
      Files.walkFileTree(
          folder,
          new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path entered, BasicFileAttributes attributes) {
              String name = String.valueOf(entered.getFileName());
              boolean passed = name.startsWith(".") || NOT_OURS.contains(name);
              return passed && !entered.equals(folder)
                  ? FileVisitResult.SKIP_SUBTREE
                  : FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
              if (file.toString().endsWith(ending)) {
                found.add(file);
              }
              return FileVisitResult.CONTINUE;
            }
          });
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    found.sort(null);
    return found;
  }

  Path file() {
    return file;
  }

  /** As seen from the repository's folder. */
  String name() {
    return ROOT.relativize(file.toAbsolutePath().normalize()).toString();
  }

  /** What links may name behind a number sign. */
  Set<String> anchors() {
    return anchors;
  }

  List<Block> blocks() {
    return blocks;
  }

  /** Where links and pictures point to. */
  List<Piece> links() {
    return links;
  }

  /** Code within sentences and tables. */
  List<Piece> code() {
    return code;
  }

  /** Empty lines stand in for blocks, so that lines keep their numbers. */
  private String withoutBlocks(String text) {
    StringBuilder prose = new StringBuilder();
    StringBuilder block = new StringBuilder();
    String fence = "";
    String language = "";
    int begin = 0;
    int number = 0;
    for (String line : text.lines().toList()) {
      number++;
      Matcher mark = FENCE.matcher(line);
      boolean isMark = mark.matches();
      if (fence.isEmpty() && isMark) {
        fence = mark.group(1);
        language = mark.group(2).strip();
        begin = number + 1;
        block.setLength(0);
      } else if (!fence.isEmpty() && isMark && mark.group(1).length() >= fence.length()) {
        blocks.add(new Block(language, new Piece(this, begin, block.toString())));
        fence = "";
      } else if (!fence.isEmpty()) {
        block.append(line).append('\n');
      } else {
        prose.append(line);
      }
      prose.append('\n');
    }
    if (!fence.isEmpty()) {
      throw new AssertionError(new Piece(this, begin - 1, "a block of code does not end"));
    }
    return prose.toString();
  }

  private void prose(String prose) {
    Map<String, Integer> seen = new HashMap<>();
    prose.lines().forEach(line -> heading(line, seen));
    Matcher spans = CODE.matcher(prose);
    while (spans.find()) {
      code.add(piece(prose, spans.start(), spans.group(1).replaceAll("\\s+", " ")));
    }
    String plain = CODE.matcher(prose).replaceAll(span -> blank(span.group()));
    for (Pattern pattern : List.of(LINK, ATTRIBUTE)) {
      Matcher found = pattern.matcher(plain);
      while (found.find()) {
        links.add(piece(plain, found.start(1), found.group(1)));
      }
    }
  }

  /** The rule by which the common viewers of Markdown make anchors of headings. */
  private void heading(String line, Map<String, Integer> seen) {
    Matcher heading = HEADING.matcher(line);
    if (!heading.matches()) {
      return;
    }
    String text = heading.group(1).replaceAll("\\[([^]]*)]\\([^)]*\\)", "$1");
    String anchor =
        text.strip()
            .toLowerCase(Locale.ROOT)
            .replaceAll("[^\\p{L}\\p{N} _-]", "")
            .replace(' ', '-');
    @Nullable Integer before = seen.merge(anchor, 1, Integer::sum);
    anchors.add(before == null || before == 1 ? anchor : anchor + "-" + (before - 1));
  }

  private Piece piece(String prose, int at, String text) {
    int line = 1 + (int) prose.substring(0, at).chars().filter(c -> c == '\n').count();
    return new Piece(this, line, text);
  }

  private static String blank(String code) {
    return code.replaceAll("[^\n]", " ");
  }
}
