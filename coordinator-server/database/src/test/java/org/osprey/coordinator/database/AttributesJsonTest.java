package org.osprey.coordinator.database;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class AttributesJsonTest {

  @Test
  void comeBackAsTheyWere() {
    Map<String, String> attributes = new LinkedHashMap<>();
    attributes.put("encoding", "cobol");
    attributes.put("\u00fc\u0000", "\"\\\uD83D");
    String json = AttributesJson.write(attributes);
    assertEquals("{\"encoding\":\"cobol\",\"\u00fc\\\\0000\":\"\\\"\\\\\\\\\\\\d83d\"}", json);
    assertEquals(attributes, AttributesJson.read(json));
  }

  @Test
  void nothingIsAnEmptyObject() {
    assertEquals("{}", AttributesJson.write(Map.of()));
    assertEquals(Map.of(), AttributesJson.read("{}"));
  }
}
