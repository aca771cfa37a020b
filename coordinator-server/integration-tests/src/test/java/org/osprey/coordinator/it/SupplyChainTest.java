package org.osprey.coordinator.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.osprey.coordinator.ctl.api.Json;
import tools.jackson.databind.JsonNode;

/** What is shipped, by the bill of materials that the build of {@code app} makes. */
class SupplyChainTest {
  private static final Path APP = Path.of("../app/target");
  private static final Path PAGE = Path.of("../../docs/dependencies.md");
  private static final String OURS = "org.osprey.coordinator";

  /** Whoever ships a coordinator may do so under these, and needs to publish nothing of his own. */
  private static final Set<String> LICENCES =
      Set.of(
          "Apache-2.0",
          "BSD-2-Clause",
          "BSD-3-Clause",
          "Bouncy Castle Licence",
          "(CDDL-1.0 OR GPL-2.0-with-classpath-exception)",
          "EPL-2.0",
          "Go License",
          "MIT");

  private final List<Library> libraries = new ArrayList<>();

  private record Library(String group, String name, String version, List<String> licences) {
    String jar() {
      return "%s-%s.jar".formatted(name, version);
    }
  }

  @BeforeEach
  void read() throws IOException {
    Path file = APP.resolve("bom.json");
    assumeTrue(Files.exists(file), "Maven makes no bill of materials when it is offline");
    JsonNode bill = Json.read(Files.readString(file));
    for (JsonNode one : bill.path("components")) {
      libraries.add(
          new Library(
              one.path("group").asString(),
              one.path("name").asString(),
              one.path("version").asString(),
              licences(one.path("licenses"))));
    }
  }

  @Test
  void theBillListsEveryJarAndNothingElse() throws IOException {
    try (Stream<Path> jars = Files.list(APP.resolve("lib"))) {
      Set<String> shipped =
          jars.map(jar -> String.valueOf(jar.getFileName()))
              .collect(Collectors.toCollection(TreeSet::new));
      Set<String> listed =
          libraries.stream().map(Library::jar).collect(Collectors.toCollection(TreeSet::new));
      assertEquals(listed, shipped);
    }
  }

  @Test
  void everythingMayBeShipped() {
    List<Library> others =
        libraries.stream().filter(one -> Collections.disjoint(one.licences(), LICENCES)).toList();
    assertEquals(List.of(), others);
  }

  @Test
  void thePageHasWhatIsShipped() throws IOException {
    Set<String> listed =
        Files.readAllLines(PAGE).stream()
            .filter(line -> line.startsWith("| ") && line.contains(":"))
            .map(line -> line.replaceFirst("\\| [0-9-]* ?\\|([^|]*)\\|$", "|$1|"))
            .collect(Collectors.toCollection(TreeSet::new));
    Set<String> shipped =
        libraries.stream()
            .filter(one -> !one.group().equals(OURS))
            .map(
                one ->
                    "| %s:%s | %s | %s |"
                        .formatted(
                            one.group(),
                            one.name(),
                            one.version(),
                            String.join(" / ", one.licences())))
            .collect(Collectors.toCollection(TreeSet::new));
    assertEquals(String.join("\n", shipped), String.join("\n", listed));
  }

  /** So that two builds of one commit make the same jars. */
  @Test
  void ourJarsHaveOneTimeForAllEntries() throws IOException {
    Set<LocalDateTime> times = new TreeSet<>();
    List<Library> ours = libraries.stream().filter(one -> one.group().equals(OURS)).toList();
    for (Library one : ours) {
      try (ZipFile jar = new ZipFile(APP.resolve("lib").resolve(one.jar()).toFile())) {
        jar.stream().map(ZipEntry::getTimeLocal).forEach(times::add);
      }
    }
    assertTrue(ours.size() > 1);
    assertEquals(1, times.size(), times::toString);
  }

  private static List<String> licences(JsonNode given) {
    List<String> licences = new ArrayList<>();
    for (JsonNode one : given) {
      JsonNode licence = one.path("license");
      licences.add(
          one.path("expression")
              .asString(licence.path("id").asString(licence.path("name").asString(""))));
    }
    return licences;
  }
}
