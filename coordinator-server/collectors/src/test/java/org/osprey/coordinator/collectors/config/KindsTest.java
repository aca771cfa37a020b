package org.osprey.coordinator.collectors.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.osprey.coordinator.collector.CollectorKind;

class KindsTest {
  record None() {}

  record Strange(Object what) {}

  @TempDir private Path folder;

  @Test
  void aFolderThatIsNotThereIsEmpty() {
    Kinds kinds = Kinds.load(folder.resolve("none"));
    assertEquals(Kinds.load(folder).names(), kinds.names());
    assertEquals(List.of(), kinds.warnings());
  }

  @Test
  void aJarBringsAKindWhoseSettingsBind() throws IOException {
    PluginJar.in(folder, "good").kind("Good", "good", "").write();
    Kinds kinds = Kinds.load(folder);
    assertEquals(List.of(), kinds.warnings());
    CollectorsConfig config =
        Configs.read("collectors: {good: {enabled: true, config: {how_many: 3}}}", kinds);
    CollectorConfig good = Objects.requireNonNull(config.collectors().get("good"));
    assertEquals("Settings[howMany=3]", String.valueOf(made(good).settings()));
    assertNull(good.refusal());
  }

  @Test
  void aJarSeesItsOwnClassesAndNothingOfTheCoordinator() throws IOException {
    PluginJar.in(folder, "curious")
        .kind(
            "Curious",
            "curious",
            """
            for (String name : new String[] {
                "org.osprey.coordinator.core.Ticker",
                "org.osprey.coordinator.collectors.config.Kinds",
                "org.osprey.coordinator.settings.Mistakes",
                "tools.jackson.core.JsonFactory",
                "io.nats.client.Nats"}) {
              try {
                Class.forName(name);
                throw new IllegalArgumentException("sees " + name);
              } catch (ClassNotFoundException e) {
                // as it should be
              }
            }
            if (CuriousKind.class.getClassLoader().getResource("logback-test.xml") != null) {
              throw new IllegalArgumentException("sees resources");
            }
            try {
              Class.forName("org.slf4j.Logger");
              Class.forName("javax.net.ssl.SSLContext");
            } catch (ClassNotFoundException e) {
              throw new IllegalArgumentException("does not see " + e.getMessage());
            }
            """)
        .write();
    Kinds kinds = Kinds.load(folder);
    assertEquals(List.of(), Configs.mistakes("collectors: {curious: {enabled: true}}", kinds));
    assertNotNull(kinds.find("curious"));
  }

  @Test
  void brokenJarsAndProvidersAreReportedAndTheOthersWork() throws IOException {
    Files.writeString(folder.resolve("a-text.jar"), "no jar at all");
    PluginJar.in(folder, "b-nothing").write();
    PluginJar.in(folder, "c-mixed")
        .service("no.such.Kind")
        .kind("Thrower", "thrower", "")
        .throwing("Thrower")
        .kind("Good", "good", "")
        .write();
    PluginJar.in(folder, "d-again").kind("Again", "good", "").write();
    PluginJar.in(folder, "e-bad-name").kind("Bad", "Bad Name", "").write();
    PluginJar.in(folder, "f-needs")
        .kind("Needy", "needy", "")
        .without("NeedyKind$NeedySettings$Settings")
        .write();

    PluginJar.in(folder, "g-syntax").service("not a name !").write();

    Kinds kinds = Kinds.load(folder);
    assertNotNull(kinds.find("good"));
    assertNull(kinds.find("thrower"));
    assertNull(kinds.find("needy"));
    String warnings = String.join("\n", kinds.warnings());
    for (String part :
        List.of(
            "a-text.jar: is no jar that can be read",
            "b-nothing.jar: holds no kind of collector",
            "c-mixed.jar: a kind cannot be used",
            "no.such.Kind",
            "thrower is broken",
            "d-again.jar: plugin.AgainKind is not used: kind good is " + folder,
            "e-bad-name.jar: plugin.BadKind cannot be used",
            "want lower case letters",
            "f-needs.jar: ",
            "NeedySettings$Settings",
            "g-syntax.jar: a kind cannot be used")) {
      assertTrue(warnings.contains(part), part + " in " + warnings);
    }
  }

  @Test
  void aKindWhoseSettingsCannotBindIsNotUsed() {
    CollectorKind<?> strange = FakeKind.idle("strange", new Strange("x"));
    Kinds kinds = Kinds.of(List.of(strange, FakeKind.idle("fine", new None())));
    assertEquals(Set.of("fine"), kinds.names());
    assertTrue(
        kinds.warnings().getFirst().contains("setting what is of type class java.lang.Object"),
        kinds.warnings()::toString);
  }

  private static CollectorConfig.Made made(CollectorConfig config) {
    return Objects.requireNonNull(config.made());
  }
}
