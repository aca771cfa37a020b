package org.osprey.coordinator.app.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.osprey.coordinator.collectors.config.CollectorsConfig;
import org.osprey.coordinator.collectors.config.OrchestratorConfig.Login;

/** Collectors in a file beside the coordinator's own settings. */
class CollectorsConfigTest {

  @Test
  void withoutTheirSectionsThereAreNone() {
    assertNull(ConfigFiles.load("rpc: {workerPort: 1}").collectors());
    assertNull(ConfigLoader.load(Map.of()).collectors());
    assertNotNull(ConfigFiles.load("collectors:").collectors());
  }

  /** What the README tells people to start with. */
  @Test
  void theFileThatShipsIsGood() {
    LoadedConfig loaded =
        ConfigLoader.load(Path.of("../../configs/collectors.yaml"), Map.of("NATS_URL", "h:4222"));
    CollectorsConfig collectors = loaded.collectors();
    assertNotNull(collectors);
    assertEquals(List.of("h:4222"), collectors.orchestrator().nats().url());
    assertTrue(collectors.collectors().keySet().containsAll(List.of("kernel", "kubelet", "dns")));
    assertEquals(List.of(), loaded.warnings());
  }

  @Test
  void oneFileHoldsTheSettingsOfBoth() {
    LoadedConfig loaded =
        ConfigFiles.load(
            """
            rpc: {workerPort: 1}
            kafka: {properties: {p: "a$$b$c"}}
            orchestrator:
              workers: 2
              nats: {auth_enabled: true, token: "hun$$ter2"}
            collectors:
            """);
    assertEquals(1, loaded.config().rpc().workerPort());
    assertEquals("a$$b$c", loaded.config().kafka().properties().get("p"));
    CollectorsConfig collectors = loaded.collectors();
    assertNotNull(collectors);
    assertEquals(2, collectors.orchestrator().workers());
    assertEquals(new Login("", "", "hun$ter2"), collectors.orchestrator().login());
    assertEquals(List.of("collectors: none is enabled"), loaded.warnings());
    assertFalse(loaded.describe().contains("hun"), loaded.describe());
    assertTrue(loaded.describe().contains("  workers: 2  # test.yaml:4"), loaded.describe());
    assertTrue(loaded.changes().contains("orchestrator.workers=2 from test.yaml:4"));
  }

  @Test
  void mistakesOfBothAreReportedTogether() {
    assertEquals(
        List.of(
            "orchestrater (test.yaml:3): unknown key, did you mean orchestrator?",
            "rpc.eventLoops (test.yaml:1): got \"0\", want a number from 1 to 1024",
            "orchestrator.workers (test.yaml:2): got \"65\", want a number from 1 to 64"),
        ConfigFiles.mistakes(
            "rpc: {eventLoops: 0}\norchestrator: {workers: 65}\norchestrater: {}\n"));
  }

  @Test
  void aReloadTakesTheKindsThatThereAre(@TempDir Path folder) throws IOException {
    Path file = Files.writeString(folder.resolve("test.yaml"), "orchestrator: {workers: 2}");
    CollectorsConfig first = ConfigLoader.load(file, Map.of()).collectors();
    assertNotNull(first);
    Files.writeString(file, "rpc: {}");
    CollectorsConfig second = ConfigLoader.reload(file, Map.of(), first.kinds());
    assertEquals(first.kinds(), second.kinds());
    assertEquals(List.of("orchestrator.workers"), first.orchestratorChanges(second));
  }
}
