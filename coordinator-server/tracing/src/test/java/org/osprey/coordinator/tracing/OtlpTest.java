package org.osprey.coordinator.tracing;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.osprey.coordinator.core.Outcome;
import org.osprey.coordinator.core.Ticker;

class OtlpTest {
  private static final String TRACE = "0af7651916cd43dd8448eb211c80319c";
  private static final Map<String, String> SAMPLED =
      Map.of("traceparent", "00-" + TRACE + "-b7ad6b7169203331-01");

  /** Of an action that is acked at once: root, receive, queue, hand-over, ack. */
  private static final int SPANS = 5;

  @Test
  void spansReachTheReceiver() {
    try (OtlpReceiver receiver = OtlpReceiver.start(200);
        Tracing tracing = tracing(receiver.endpoint() + "/")) {
      handleOne(tracing);
      await().untilAsserted(() -> assertEquals(new TracingStats(SPANS, 0, 0), tracing.stats()));
      String sent = receiver.received();
      String traceId = new String(HexFormat.of().parseHex(TRACE), ISO_8859_1);
      assertTrue(sent.contains(traceId), "no trace id");
      for (String text :
          new String[] {"action user_login", "receive", "queue", "hand-over", "coordinator-1"}) {
        assertTrue(sent.contains(text), text);
      }
      assertFalse(sent.contains(TracedDispatcher.SECRET), "contents in a span");
    }
  }

  @Test
  void aReceiverThatRefusesCostsTheSpansAndNoMore() {
    try (OtlpReceiver receiver = OtlpReceiver.start(503);
        Tracing tracing = tracing(receiver.endpoint())) {
      handleOne(tracing);
      await().untilAsserted(() -> assertEquals(new TracingStats(0, SPANS, 0), tracing.stats()));
      assertEquals(1, receiver.requests());
      assertTrue(tracing.check().healthy());
    }
  }

  @Test
  void aReceiverThatIsDownCostsTheSpansAndNoMore() {
    OtlpReceiver gone = OtlpReceiver.start(200);
    gone.close();
    try (Tracing tracing = tracing(gone.endpoint())) {
      handleOne(tracing);
      await()
          .atMost(Duration.ofMinutes(1))
          .untilAsserted(() -> assertEquals(new TracingStats(0, SPANS, 0), tracing.stats()));
      assertTrue(tracing.check().detail().contains("dropped=" + SPANS));
    }
  }

  @Test
  void whatWaitsIsSentAtTheEnd() {
    try (OtlpReceiver receiver = OtlpReceiver.start(200)) {
      try (Tracing tracing = tracing(receiver.endpoint())) {
        handleOne(tracing);
      }
      assertTrue(receiver.received().contains("hand-over"));
    }
  }

  private static void handleOne(Tracing tracing) {
    TracedDispatcher core = new TracedDispatcher().with(tracing, null);
    core.offer(1, SAMPLED);
    core.ack(core.connect("worker-1"), Outcome.Acked.EMPTY);
  }

  private static Tracing tracing(String endpoint) {
    TracingSettings settings =
        new TracingSettings(TracingSettings.Exporter.OTLP, endpoint, 0, "coordinator-1");
    Tracing tracing =
        new Tracing(
            settings,
            Exporters.of(settings),
            Ticker.system(),
            InstantSource.system(),
            Duration.ofMinutes(1));
    tracing.start();
    return tracing;
  }
}
