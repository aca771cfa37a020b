package org.osprey.coordinator.it;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a Dockerfile says.
 *
 * @param images defaults of the arguments before the first stage
 * @param stages by name, in order
 */
record Dockerfile(Map<String, String> images, Map<String, Stage> stages) {
  private static final Pattern FROM = Pattern.compile("(\\S+) AS (\\S+)");

  /**
   * @param from an image, an argument as <code>${NAME}</code>, or a stage
   */
  record Stage(String from, List<Instruction> instructions) {

    /** The text after the only or last such instruction; empty when there is none. */
    String last(String name) {
      List<String> all = all(name);
      return all.isEmpty() ? "" : all.getLast();
    }

    List<String> all(String name) {
      return instructions.stream()
          .filter(one -> one.name().equals(name))
          .map(Instruction::text)
          .toList();
    }
  }

  record Instruction(String name, String text) {}

  static Dockerfile read(Path file) throws IOException {
    Map<String, String> images = new LinkedHashMap<>();
    Map<String, Stage> stages = new LinkedHashMap<>();
    List<Instruction> current = new ArrayList<>();
    for (Instruction one : instructions(Files.readString(file))) {
      switch (one.name()) {
        case "FROM" -> {
          Matcher from = FROM.matcher(one.text());
          if (!from.matches()) {
            throw new AssertionError("want FROM IMAGE AS STAGE, got " + one.text());
          }
          current = new ArrayList<>();
          stages.put(from.group(2), new Stage(from.group(1), current));
        }
        case "ARG" -> {
          String[] parts = one.text().split("=", 2);
          images.put("${%s}".formatted(parts[0]), parts[1]);
        }
        default -> current.add(one);
      }
    }
    return new Dockerfile(images, stages);
  }

  private static List<Instruction> instructions(String text) {
    String lines = text.replaceAll("(?m)^\\s*#.*\n", "").replaceAll("\\\\\n\\s*", "");
    return lines
        .lines()
        .filter(line -> !line.isBlank())
        .map(line -> line.split(" ", 2))
        .map(parts -> new Instruction(parts[0].toUpperCase(Locale.ROOT), parts[1].strip()))
        .toList();
  }
}
