package org.osprey.coordinator.docs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.osprey.coordinator.docs.Document.Piece;

/** Each module says at its beginning how it is switched on, and which tests prove it. */
class ModulesTest {
  private static final int BEGINNING = 20;
  private static final Pattern TEST = Pattern.compile("([A-Z]\\w*(?:Test|Contract))(?:\\.(\\w+))?");

  @Test
  void eachModuleSaysHowItIsSwitchedOnAndProved() throws IOException {
    List<String> silent = new ArrayList<>();
    int modules = 0;
    for (Path pom : Document.files(Document.ROOT, "pom.xml")) {
      if (Files.readString(pom).contains("<packaging>pom</packaging>")) {
        continue;
      }
      modules++;
      Path readme = pom.resolveSibling("README.md");
      String beginning =
          Files.exists(readme)
              ? String.join(" ", Files.readAllLines(readme).stream().limit(BEGINNING).toList())
              : "";
      if (!beginning.contains(" On: ") || !beginning.contains("Proved by:")) {
        silent.add(Document.ROOT.relativize(readme).toString());
      }
    }
    assertEquals(List.of(), silent);
    assertTrue(modules > 20, "modules found: " + modules);
  }

  @Test
  void everyTestThatIsNamedExists() throws IOException {
    Map<String, String> sources = new HashMap<>();
    for (Path file : Document.files(Document.ROOT, ".java")) {
      String name = String.valueOf(file.getFileName()).replace(".java", "");
      sources.merge(name, Files.readString(file), String::concat);
    }
    List<Piece> missing = new ArrayList<>();
    int found = 0;
    for (Document document : Document.all()) {
      for (Piece code : document.code()) {
        Matcher test = TEST.matcher(code.text());
        if (test.matches()) {
          found++;
          String source = sources.getOrDefault(test.group(1), "");
          if (source.isEmpty() || !source.contains(test.group(2) == null ? "" : test.group(2))) {
            missing.add(code);
          }
        }
      }
    }
    assertEquals(List.of(), missing);
    assertTrue(found > 100, "tests found: " + found);
  }
}
