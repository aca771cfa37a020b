package org.osprey.coordinator.collectors.builtin.dns;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.osprey.coordinator.collectors.builtin.RecordingEmitter.attribute;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.osprey.coordinator.collector.Collector;
import org.osprey.coordinator.collector.Event;
import org.osprey.coordinator.collectors.builtin.FakeContext;
import org.osprey.coordinator.collectors.builtin.RecordingEmitter;

class DnsCollectorTest {
  private final FakeContext context = new FakeContext("dns");
  private final RecordingEmitter emitter = new RecordingEmitter();
  private DnsServer server;
  private Collector dns;

  @BeforeEach
  void start() throws Exception {
    server = new DnsServer();
    dns = new DnsKind().create(config(List.of("shop.example"), Duration.ofSeconds(30)), context);
    dns.start(emitter);
  }

  @AfterEach
  void close() {
    dns.close();
    server.close();
  }

  @Test
  void anAnswerComesWithItsRecordsInOrderAndItsLatency() throws Exception {
    server.answer("10.0.0.2", "10.0.0.1");
    context.poll();
    List<Event> events = emitter.take();
    assertEquals(1, events.size());
    assertEquals("dns.answer", events.getFirst().type());
    assertEquals("10.0.0.1,10.0.0.2", attribute(events.getFirst(), "answers"));
    assertEquals("shop.example", attribute(events.getFirst(), "name"));
    assertEquals("A", attribute(events.getFirst(), "type"));
    assertTrue(events.getFirst().attributes().containsKey("latency_us"));
    assertTrue(dns.health().healthy());
  }

  @Test
  void eachPollAsksAnewAndTellsWhatChanged() throws Exception {
    server.answer("10.0.0.1", "10.0.0.2");
    context.poll();
    emitter.take();
    server.answer("10.0.0.2", "10.0.0.3");
    context.poll();
    List<Event> changed = emitter.take("dns.changed");
    assertEquals(1, changed.size());
    assertEquals("10.0.0.3", attribute(changed.getFirst(), "added"));
    assertEquals("10.0.0.1", attribute(changed.getFirst(), "removed"));
    assertEquals(2, server.asked());
  }

  @Test
  void anotherOrderIsNoChange() throws Exception {
    server.answer("10.0.0.1", "10.0.0.2");
    context.poll();
    server.answer("10.0.0.2", "10.0.0.1");
    context.poll();
    assertEquals(List.of("dns.answer", "dns.answer"), emitter.takeTypes());
  }

  @Test
  void aNameThatIsGoneIsToldOnceAndWhenItIsBack() throws Exception {
    server.fail(DnsServer.NO_SUCH_NAME);
    context.poll();
    context.poll();
    List<Event> failed = emitter.take();
    assertEquals(1, failed.size());
    assertEquals("dns.failed", failed.getFirst().type());
    assertEquals("NXDOMAIN: no such name", attribute(failed.getFirst(), "reason"));
    assertFalse(dns.health().healthy());
    server.answer("10.0.0.1");
    context.poll();
    List<Event> back = emitter.take();
    assertEquals("dns.recovered", back.getFirst().type());
    assertEquals("2", attribute(back.getFirst(), "failures"));
    assertEquals("dns.answer", back.get(1).type());
    assertTrue(dns.health().healthy());
  }

  @Test
  void aServerThatCannotAnswerIsAnotherReason() throws Exception {
    server.fail(DnsServer.NO_SUCH_NAME);
    context.poll();
    emitter.take();
    server.fail(DnsServer.SERVER_FAILURE);
    context.poll();
    List<Event> failed = emitter.take();
    assertEquals("dns.failed", failed.getFirst().type());
    assertEquals("SERVFAIL: the server could not answer", attribute(failed.getFirst(), "reason"));
  }

  @Test
  void aSilentServerIsGivenUpAfterTheTimeout() throws Exception {
    FakeContext own = new FakeContext("impatient");
    try (Collector impatient =
        new DnsKind().create(config(List.of("shop.example"), Duration.ofMillis(90)), own)) {
      impatient.start(emitter);
      server.fallSilent();
      own.poll();
    }
    List<Event> failed = emitter.take();
    assertEquals("dns.failed", failed.getFirst().type());
    assertEquals("no answer within 90ms", attribute(failed.getFirst(), "reason"));
  }

  @Test
  void refusalsNameTheKey() {
    IllegalArgumentException refused =
        assertThrows(
            IllegalArgumentException.class,
            () ->
                new DnsConfig(
                    List.of("a b"), List.of("X"), List.of("!"), Duration.ZERO, Duration.ZERO));
    for (String key : List.of("names", "types", "servers", "interval", "timeout")) {
      assertTrue(String.valueOf(refused.getMessage()).contains(key + ": want"), refused.toString());
    }
    assertThrows(
        IllegalArgumentException.class, () -> new DnsKind().create(DnsConfig.DEFAULTS, context));
  }

  private DnsConfig config(List<String> names, Duration timeout) {
    return new DnsConfig(
        names, List.of("A"), List.of(server.address()), Duration.ofSeconds(30), timeout);
  }
}
