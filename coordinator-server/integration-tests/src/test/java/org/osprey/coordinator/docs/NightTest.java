package org.osprey.coordinator.docs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** What {@code ./test.sh --night} gives the tests is asked for by one. */
class NightTest {
  private static final Pattern LIST = Pattern.compile("night=\\((.*?)\\)", Pattern.DOTALL);
  private static final Pattern PROPERTY = Pattern.compile("-D([a-zA-Z.]+)=");
  private static final int AT_LEAST = 15;

  @Test
  void eachLengthReachesATest() throws IOException {
    List<String> unheard = new ArrayList<>(names());
    assertTrue(unheard.size() >= AT_LEAST, unheard.toString());
    for (Path source : Document.files(Document.ROOT, ".java")) {
      String code = Files.readString(source);
      unheard.removeIf(name -> code.contains('"' + name + '"'));
    }
    assertEquals(List.of(), unheard);
  }

  private static List<String> names() throws IOException {
    String script = Files.readString(Document.ROOT.resolve("test.sh"));
    String list = LIST.matcher(script).results().map(one -> one.group(1)).findFirst().orElse("");
    return PROPERTY.matcher(list).results().map((MatchResult one) -> one.group(1)).toList();
  }
}
