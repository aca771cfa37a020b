package org.osprey.coordinator.nats;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.osprey.coordinator.nats.NatsSourceSettings.Limits;
import org.osprey.coordinator.nats.NatsSourceSettings.Ordering;

class NatsSettingsTest {
  @Test
  void defaultsAreAsTheReadmeSays() {
    NatsSourceSettings settings = NatsSourceSettings.builder("actions").build();
    assertEquals(List.of(), settings.subjects());
    assertEquals("osprey_coordinator", settings.durable());
    assertTrue(settings.createConsumer());
    assertEquals(Map.of(), settings.actionNames());
    assertEquals(Ordering.NONE, settings.ordering());
    assertEquals("ordering-key", settings.orderingHeader());
    assertEquals(new Limits(5000, 64 << 20, 500, Duration.ofMillis(500)), settings.limits());
    assertEquals(Duration.ofSeconds(30), settings.ackWait());
    assertEquals(Duration.ofSeconds(10), settings.closeTimeout());
    assertEquals("osprey.execution_results", NatsResultSettings.DEFAULTS.subject());
    assertEquals("osprey.dead_letters", NatsDeadLetterSettings.DEFAULTS.subject());
    assertEquals("osprey_dead_letters", NatsDeadLetterSettings.DEFAULTS.stream());
  }

  @Test
  void whatIsWrongIsNamed() {
    assertNamed("nats.stream", () -> NatsSourceSettings.builder("a.b").build());
    assertNamed("nats.durable", () -> source().durable("").build());
    assertNamed("nats.subjects", () -> source().subjects("a b").build());
    assertNamed("nats.subjects", () -> source().subjects("a.>.b").build());
    assertNamed("nats.actionNames", () -> source().actionNames(Map.of("a", " ")).build());
    assertNamed("nats.orderingHeader", () -> source().orderingHeader("a:b").build());
    assertNamed("nats.ackWait", () -> source().ackWait(Duration.ofMillis(1)).build());
    assertNamed("nats.closeTimeout", () -> source().closeTimeout(Duration.ZERO).build());
    assertNamed("nats.maxInFlight", () -> new Limits(0, 1, 1, Duration.ofSeconds(1)));
    assertNamed("nats.maxInFlightBytes", () -> new Limits(1, 0, 1, Duration.ofSeconds(1)));
    assertNamed("nats.pullBatch", () -> new Limits(1, 1, 0, Duration.ofSeconds(1)));
    assertNamed("nats.roomWait", () -> new Limits(1, 1, 1, Duration.ZERO));
    assertNamed("nats.resultsSubject", () -> new NatsResultSettings("a.*", false, 1));
    assertNamed("nats.maxUnconfirmed", () -> new NatsResultSettings("a", false, 0));
    assertNamed("nats.deadLetterStream", () -> new NatsDeadLetterSettings("a b", "a", true, 1));
    assertNamed("nats.deadLetterSubject", () -> new NatsDeadLetterSettings("a", "a.>", true, 1));
    assertNamed("nats.deadLetterReplicas", () -> new NatsDeadLetterSettings("a", "a", true, 6));
  }

  @Test
  void serversAndLoginsAreChecked() {
    assertNamed("nats.servers", () -> NatsConnectionSettings.of());
    assertNamed("nats.servers", () -> NatsConnectionSettings.of("http://host"));
    assertNamed("nats.servers", () -> NatsConnectionSettings.of("nats://ann:secret@host:4222"));
    NatsConnectionSettings plain = NatsConnectionSettings.of("host:4222");
    assertNamed(
        "nats.password",
        () -> new NatsConnectionSettings(plain.servers(), "ann", null, null, null, null, "test"));
    assertNamed(
        "nats.token",
        () -> new NatsConnectionSettings(plain.servers(), "ann", "b", "c", null, null, "test"));
    assertNotNull(NatsConnectionSettings.of("tls://host:4222").tls());
  }

  @Test
  void tlsSettingsThatExcludeEachOtherAreRefused() {
    Path file = Path.of("file");
    NatsTlsSettings.Store store = new NatsTlsSettings.Store(file, "secret");
    assertNamed("nats.tls.certFile", () -> new NatsTlsSettings(null, file, null, null, null, true));
    assertNamed("nats.tls.caFile", () -> new NatsTlsSettings(file, null, null, store, null, true));
    assertNamed(
        "nats.tls.certFile", () -> new NatsTlsSettings(null, file, file, null, store, true));
  }

  @Test
  void secretsAreNotShown() {
    NatsConnectionSettings plain = NatsConnectionSettings.of("host:4222");
    assertFalse(plain.withUser("ann", "hush").toString().contains("hush"));
    assertFalse(plain.withToken("hush").toString().contains("hush"));
    NatsTlsSettings.Store store = new NatsTlsSettings.Store(Path.of("file"), "hush");
    assertFalse(store.toString().contains("hush"));
    assertThrows(
        IllegalArgumentException.class, () -> NatsConnectionSettings.of("nats://a:hush@host"));
  }

  private static NatsSourceSettings.Builder source() {
    return NatsSourceSettings.builder("actions");
  }

  private static void assertNamed(String setting, Executable making) {
    IllegalArgumentException refused = assertThrows(IllegalArgumentException.class, making);
    assertTrue(String.valueOf(refused.getMessage()).contains(setting), refused::toString);
  }
}
