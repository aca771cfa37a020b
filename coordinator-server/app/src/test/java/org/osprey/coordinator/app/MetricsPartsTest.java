package org.osprey.coordinator.app;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.osprey.coordinator.app.config.ConfigLoader;
import org.osprey.coordinator.core.Component;
import org.osprey.coordinator.core.Ticker;

class MetricsPartsTest {
  private static final Map<String, String> HOST =
      Map.of("OTEL_EXPORTER_OTLP_ENDPOINT", "http://host:4318");

  @TempDir private Path folder;

  @Test
  void whatIsSaidToAllProgramsOfAHostSendsNothing() throws IOException {
    assertEquals(List.of(), details("{}"));
  }

  @Test
  void theyGoWhereTracesGo() throws IOException {
    assertEquals(
        List.of("endpoint=http://host:4318/v1/metrics sent=0 failed=0"),
        details("metrics: {exporter: otlp}"));
  }

  @Test
  void theyMayGoElsewhere() throws IOException {
    assertEquals(
        List.of("endpoint=https://other/v1/metrics sent=0 failed=0"),
        details("metrics: {exporter: otlp, endpoint: 'https://other'}"));
  }

  /** Of the checks of what was added. */
  private List<String> details(String yaml) throws IOException {
    Path file = Files.writeString(folder.resolve("test.yaml"), yaml);
    List<Component> components = new ArrayList<>();
    MetricsParts.add(ConfigLoader.load(file, HOST).config(), Ticker.system(), components);
    return components.stream().map(component -> component.check().detail()).toList();
  }
}
