package org.osprey.coordinator.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.InputStream;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.osprey.coordinator.contract.Workers;
import org.osprey.coordinator.core.Action;
import org.osprey.coordinator.core.Check;
import org.osprey.coordinator.core.Delivery;
import org.osprey.coordinator.core.InMemoryDeadLetters;
import org.osprey.coordinator.core.Sources;
import tools.jackson.databind.JsonNode;
import tools.jackson.dataformat.yaml.YAMLMapper;

class PicturesTest {
  private static final Instant START = Instant.parse("2026-11-21T18:00:00Z");

  private final Workers workers = new Workers(1_000, new InMemoryDeadLetters());
  private Instant now = START;
  private final Pictures pictures =
      new Pictures(
          new Operator(
              workers.dispatcher(),
              new Sources(Map.of("orders", new FakeSource())),
              null,
              () -> List.of(Check.ok("database", "there")),
              () -> Operator.Phase.RUNNING,
              "orders",
              () -> {}),
          "1.2.3",
          () -> now);

  @AfterEach
  void close() {
    workers.close();
  }

  @Test
  void itHasWhatTheContractSays() throws Exception {
    try (InputStream contract = Pictures.class.getResourceAsStream("/openapi.yaml")) {
      JsonNode schema =
          new YAMLMapper().readTree(contract).at("/components/schemas/Picture/properties");
      assertEquals(names(schema), names(paint()));
    }
  }

  @Test
  void itTellsWhatTheCoordinatorIsAt() {
    now = START.plusSeconds(90);
    JsonNode picture = paint();
    assertEquals("2026-11-21T18:01:30Z", picture.get("time").asString());
    assertEquals("2026-11-21T18:00:00Z", picture.get("started_at").asString());
    assertEquals("1.2.3", picture.get("version").asString());
    assertEquals("running", picture.get("status").asString());
    assertEquals("orders", picture.at("/sources/0/name").asString());
    assertEquals("there", picture.at("/checks/0/detail").asString());
    assertEquals(0, picture.at("/queue/counts/sync_acked").asInt());
  }

  @Test
  void latencyIsOfWhatEndedSinceThePictureBefore() {
    workers.connect();
    offer(1);
    assertEquals(0, paint().at("/latency/async/count").asInt());
    offer(2);
    offer(3);
    JsonNode latency = paint().get("latency");
    assertEquals(2, latency.at("/async/count").asInt());
    double half = latency.at("/async/p50").asDouble();
    assertTrue(half > 0 && half <= latency.at("/async/p99").asDouble(), latency.toString());
    assertEquals("{\"count\":0}", latency.get("sync").toString());
    assertEquals("{\"count\":0}", paint().at("/latency/async").toString());
    offer(4);
    pictures.begin();
    assertEquals("{\"count\":0}", paint().at("/latency/async").toString());
  }

  private void offer(long id) {
    Action action = new Action(id, "login", Action.Encoding.JSON, new byte[] {'{', '}'}, null, now);
    workers.dispatcher().offer(Delivery.async(action, "orders", null, outcome -> {}));
    workers.ackAll();
  }

  private JsonNode paint() {
    String event = new String(pictures.paint(), UTF_8);
    assertTrue(event.startsWith("event: picture\ndata: {"), event);
    assertTrue(event.endsWith("}\n\n"), event);
    String data = event.substring("event: picture\ndata: ".length(), event.length() - 2);
    assertFalse(data.contains("\n"), data);
    return Json.MAPPER.readTree(data);
  }

  private static Set<String> names(JsonNode node) {
    return new HashSet<>(node.propertyNames());
  }
}
