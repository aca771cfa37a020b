package org.osprey.coordinator.etcd;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.osprey.coordinator.etcd.EtcdSettings.Credentials;
import org.osprey.coordinator.etcd.EtcdSettings.Tls;

class EtcdSettingsTest {
  private static final List<URI> PEERS = List.of(URI.create("http://etcd:2379"));

  @Test
  void theDefaultsAreThoseOfTheFirstCoordinator() {
    EtcdSettings settings = EtcdSettings.builder(PEERS).build();
    assertEquals("osprey_coordinator", settings.serviceName());
    assertEquals("osprey_coordinator_sync_action", settings.syncServiceName());
    assertEquals(Duration.ofSeconds(30), settings.ttl());
    assertEquals(Duration.ofSeconds(12), settings.refresh());
    assertEquals(Duration.ZERO, settings.announceDelay());
    assertTrue(settings.isEnabled());
  }

  @Test
  void peersAreSeparatedByCommas() {
    assertEquals(
        List.of(URI.create("http://a:1"), URI.create("https://b:2/")),
        EtcdSettings.parsePeers(" http://a:1 , https://b:2/,"));
    assertEquals(List.of(), EtcdSettings.parsePeers(" "));
    assertFalse(EtcdSettings.builder(EtcdSettings.parsePeers("")).build().isEnabled());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "etcd:2379",
        "etcd",
        "ftp://etcd:2379",
        "http://etcd",
        "http://etcd:0",
        "http://:2379",
        "http://user:secret@etcd:2379",
        "http://etcd:2379/v2",
        "http://et cd:2379",
      })
  void aPeerIsAUrlWithHostAndPort(String peer) {
    IllegalArgumentException e =
        assertThrows(
            IllegalArgumentException.class,
            () -> EtcdSettings.builder(EtcdSettings.parsePeers(peer)).build());
    String message = String.valueOf(e.getMessage());
    assertTrue(
        message.startsWith("etcd.peers must be http://host:port or https://host:port, got"),
        message);
    assertFalse(message.contains("secret"), message);
  }

  @Test
  void mistakesNameTheSettingAndTheValue() {
    mistake(
        "etcd.serviceName must be letters, digits, '.', '_' or '-', got \"a/b\"",
        EtcdSettings.builder(PEERS).serviceName("a/b"));
    mistake(
        "etcd.podIp must be an address or a host name, got \"\"",
        EtcdSettings.builder(PEERS).podIp(""));
    mistake("etcd.ttl must be positive, got PT0S", EtcdSettings.builder(PEERS).ttl(Duration.ZERO));
    mistake(
        "etcd.ttl must be whole seconds, got PT30.5S",
        EtcdSettings.builder(PEERS).ttl(Duration.ofMillis(30_500)));
    mistake(
        "etcd.refresh must be positive, got PT-1S",
        EtcdSettings.builder(PEERS).refresh(Duration.ofSeconds(-1)));
    mistake(
        "etcd.refresh must be at most half of etcd.ttl=PT30S, got PT16S",
        EtcdSettings.builder(PEERS).refresh(Duration.ofSeconds(16)));
    mistake(
        "etcd.verify must be positive, got PT0S",
        EtcdSettings.builder(PEERS).verify(Duration.ZERO));
    mistake(
        "etcd.announceDelay must not be negative, got PT-1S",
        EtcdSettings.builder(PEERS).announceDelay(Duration.ofSeconds(-1)));
    mistake(
        "etcd.requestTimeout must be positive, got PT0S",
        EtcdSettings.builder(PEERS).requestTimeout(Duration.ZERO));
    mistake(
        "etcd.closeTimeout must be positive, got PT0S",
        EtcdSettings.builder(PEERS).closeTimeout(Duration.ZERO));
  }

  @Test
  void credentialsHaveAUserAndKeepTheirPassword() {
    assertThrows(IllegalArgumentException.class, () -> new Credentials(" ", "secret"));
    EtcdSettings settings =
        EtcdSettings.builder(PEERS).credentials(new Credentials("me", "secret")).build();
    assertFalse(settings.toString().contains("secret"), settings.toString());
  }

  @Test
  void aCertificateComesWithItsKey() {
    IllegalArgumentException e =
        assertThrows(
            IllegalArgumentException.class, () -> new Tls(null, Path.of("cert.pem"), null));
    assertEquals(
        "etcd.tls.certFile and etcd.tls.keyFile go together, got cert.pem and null",
        e.getMessage());
  }

  private static void mistake(String message, EtcdSettings.Builder builder) {
    IllegalArgumentException e = assertThrows(IllegalArgumentException.class, builder::build);
    assertEquals(message, e.getMessage());
  }
}
