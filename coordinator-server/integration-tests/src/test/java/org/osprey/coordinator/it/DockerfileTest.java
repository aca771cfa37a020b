package org.osprey.coordinator.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.osprey.coordinator.app.config.ConfigLoader;
import org.osprey.coordinator.app.config.CoordinatorConfig;
import org.osprey.coordinator.it.Dockerfile.Stage;

/** The recipe of the images fits the sources. That an engine builds it is not tested here. */
class DockerfileTest {
  private static final Path ROOT = Path.of("../..");
  private static final Path FILE = ROOT.resolve("docker/Dockerfile");
  private static final List<String> TARGETS = List.of("coordinator", "sample-worker", "test-data");
  private static final Pattern COPY = Pattern.compile("(?:--from=(\\S+) )?(.+) (\\S+)");
  private static final Pattern WORD = Pattern.compile("\\[\"([a-z-]+)\".*");

  private Dockerfile dockerfile = new Dockerfile(Map.of(), Map.of());

  @BeforeEach
  void read() throws IOException {
    dockerfile = Dockerfile.read(FILE);
  }

  private Stage stage(String name) {
    Stage stage = dockerfile.stages().get(name);
    if (stage == null) {
      throw new AssertionError("want a stage " + name + ", got " + dockerfile.stages().keySet());
    }
    return stage;
  }

  @Test
  void theTargetsAreThere() {
    assertTrue(dockerfile.stages().keySet().containsAll(TARGETS), dockerfile.stages()::toString);
    assertTrue(stage("etcd").last("USER").matches("[1-9][0-9]+:[1-9][0-9]+"));
  }

  @Test
  void everyStageComesFromAnEarlierOneOrAPinnedImage() {
    Set<String> known = new HashSet<>(dockerfile.images().keySet());
    known.add("scratch");
    dockerfile
        .stages()
        .forEach(
            (name, stage) -> {
              assertTrue(known.contains(stage.from()), () -> name + " is from " + stage.from());
              known.add(name);
            });
    assertEquals(2, dockerfile.images().size());
    dockerfile
        .images()
        .forEach((argument, image) -> assertTrue(image.matches("[a-z/]+:[a-z0-9.-]+"), argument));
    assertFalse(dockerfile.images().toString().contains("latest"));
  }

  @Test
  void whatIsCopiedIsThere() {
    List<String> earlier = new ArrayList<>();
    dockerfile
        .stages()
        .forEach(
            (name, stage) -> {
              stage.all("COPY").forEach(copy -> assertCopies(copy, earlier));
              assertEquals(List.of(), stage.all("ADD"), name);
              earlier.add(name);
            });
  }

  private static void assertCopies(String copy, List<String> earlier) {
    Matcher parts = COPY.matcher(copy);
    assertTrue(parts.matches(), copy);
    String from = parts.group(1);
    if (from == null) {
      assertTrue(Files.exists(ROOT.resolve(parts.group(2))), copy);
    } else {
      assertTrue(earlier.contains(from), copy);
    }
  }

  @Test
  void theBuildMakesARelease() throws IOException {
    String build = String.join("\n", stage("build").all("RUN"));
    assertTrue(build.contains("./release.sh --into /release"), build);
    assertTrue(Files.isExecutable(ROOT.resolve("release.sh")));
    String release = Files.readString(ROOT.resolve("release.sh"));
    assertTrue(release.contains("docker/{Dockerfile,modules.txt,README.md}"));
    assertTrue(Files.exists(ROOT.resolve("docker/modules.txt")));
  }

  @Test
  void whatIsStartedIsShippedAndNeedsNoRights() {
    for (String target : TARGETS) {
      Stage stage = stage(target);
      assertTrue(stage.last("USER").matches("[1-9][0-9]+:[1-9][0-9]+"), target);
      assertShipped(stage.last("ENTRYPOINT"));
      assertFalse(stage.last("HEALTHCHECK").isEmpty(), target);
    }
    String health = stage("coordinator").last("HEALTHCHECK");
    assertShipped(health.replaceFirst(".*CMD ", ""));
    assertEquals("SIGTERM", stage("base").last("STOPSIGNAL"));
  }

  private static void assertShipped(String command) {
    Matcher word = WORD.matcher(command);
    assertTrue(word.matches(), command);
    assertTrue(Files.isExecutable(ROOT.resolve("scripts/bin").resolve(word.group(1))), command);
  }

  @Test
  void thePortsAreTheDefaults() {
    CoordinatorConfig config = ConfigLoader.load(Map.of()).config();
    assertEquals(
        "%d %d %d"
            .formatted(config.rpc().workerPort(), config.rpc().syncPort(), config.http().port()),
        stage("coordinator").last("EXPOSE"));
  }

  /** What the image writes is in its volume. */
  @Test
  void theVolumeIsWhereItWorks() {
    String folder = stage("base").last("WORKDIR");
    assertEquals(folder, stage("coordinator").last("VOLUME"));
    assertTrue(stage("base").last("ENV").contains("TMPDIR=" + folder + "/"));
    assertFalse(
        Path.of(ConfigLoader.load(Map.of()).config().database().file()).isAbsolute(),
        "the database is below the folder it works in");
  }

  @Test
  void noStepDependsOnTheArchitecture() throws IOException {
    String text = Files.readString(FILE).replaceAll("(?m)^#.*\n", "").toLowerCase(Locale.ROOT);
    assertFalse(
        Pattern.compile("amd64|x86_64|arm64|aarch64|--platform").matcher(text).find(), text);
  }

  @Test
  void whatWasBuiltElsewhereStaysOut() throws IOException {
    List<String> ignored = Files.readAllLines(ROOT.resolve(".dockerignore"));
    assertTrue(ignored.containsAll(List.of("**/target/", "**/.run/", ".git/")), ignored::toString);
  }
}
