package org.osprey.coordinator.pubsub;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.osprey.coordinator.core.Tracer;

class TraceAttributesTest {

  @Test
  void thePublishingClientsSpanGoesFirst() {
    Tracer.Headers headers =
        TraceAttributes.of(
            Map.of("traceparent", "a", "tracestate", "b", "googclient_traceparent", "c"));
    assertEquals("c", headers.get("traceparent"));
    assertNull(headers.get("tracestate"), "belongs to the other one");
  }

  @Test
  void elseItIsWhatTheMessageSays() {
    Tracer.Headers headers = TraceAttributes.of(Map.of("traceparent", "a", "tracestate", "b"));
    assertEquals("a", headers.get("traceparent"));
    assertEquals("b", headers.get("tracestate"));
    assertNull(TraceAttributes.of(Map.of()).get("traceparent"));
  }
}
