package org.osprey.coordinator.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.osprey.coordinator.app.config.ConfigLoader;
import org.osprey.coordinator.app.config.TracingConfig;
import org.osprey.coordinator.core.Check;
import org.osprey.coordinator.core.Component;
import org.osprey.coordinator.core.Ticker;
import org.osprey.coordinator.core.Tracer;

class TracingPartsTest {
  private final List<Component> components = new ArrayList<>(List.of(new Other()));

  /** Whatever was there before. */
  private static final class Other implements Component {
    @Override
    public Check check() {
      return Check.ok("other", "");
    }

    @Override
    public void close() {}
  }

  @Test
  void byDefaultNothingIsTraced() {
    TracingConfig config = ConfigLoader.load(Map.of()).config().tracing();
    assertNull(tracer(config));
    assertEquals(1, components.size());
  }

  @Test
  void whatIsSaidToAllProgramsOfAHostSwitchesNothingOnAndStopsNothing() {
    Map<String, String> environment =
        Map.of("OTEL_EXPORTER_OTLP_ENDPOINT", "collector", "OTEL_SERVICE_NAME", "mine");
    assertNull(tracer(ConfigLoader.load(environment).config().tracing()));
  }

  @Test
  void tracingOutlivesWhatItTraces() {
    assertNotNull(
        tracer(new TracingConfig(TracingConfig.Exporter.OTLP, "http://a:4318", 1, "mine")));
    assertEquals(
        "endpoint=http://a:4318/v1/traces exported=0 dropped=0 waiting=0",
        components.getFirst().check().detail());
    components.getFirst().close();
  }

  private @Nullable Tracer tracer(TracingConfig config) {
    return TracingParts.tracer(config, Ticker.system(), components);
  }
}
