package org.osprey.coordinator.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.osprey.coordinator.app.config.ConfigLoader;
import org.osprey.coordinator.app.config.CoordinatorConfig;
import org.osprey.coordinator.core.Component;
import org.osprey.coordinator.core.Ticker;
import org.osprey.coordinator.security.Access;
import org.osprey.coordinator.security.CredentialFiles;
import org.osprey.coordinator.settings.ConfigException;

class SecurityPartsTest {
  @TempDir private Path folder;
  private final List<Component> components = new ArrayList<>();

  @Test
  void byDefaultThePortsAreOpen() throws IOException {
    Guards guards = guards("");
    assertTrue(guards.access().isOpen());
    assertNull(guards.workerTls());
    assertNull(guards.syncTls());
    assertNull(guards.httpTls());
    assertEquals(List.of(), components);
  }

  @Test
  void aPortHasTlsOfItsOwn() throws IOException {
    Guards guards = guards("tls: {sync: {certFile: /a, keyFile: /b}}");
    assertNull(guards.workerTls());
    assertNotNull(guards.syncTls());
    assertNull(guards.httpTls());
    assertEquals(List.of(CredentialFiles.class), classes());
  }

  @Test
  void whoIsKnownByATokenIsAskedForIt() throws IOException {
    Guards guards = guards("access: {identities: {a: {roles: viewer, tokenFile: /a}}}");
    assertFalse(guards.access().isOpen());
    assertEquals(List.of(Access.class, CredentialFiles.class), classes());
  }

  @Test
  void halfASettingIsNamed() {
    Map<String, String> wrong =
        Map.of(
            "tls: {http: {certFile: /a}}", "tls.http.keyFile: is missing",
            "tls: {http: {keyFile: /a}}", "tls.http.certFile: is missing",
            "tls: {sync: {certFile: /a, keyFile: /b, requireClients: true}}",
                "tls.sync.clientCaFile: is missing",
            "access: {jwt: {jwksUri: 'http://a/b'}}", "access.jwt.issuer: is missing",
            "access: {jwt: {jwksUri: 'http://a/b', issuer: a}}", "access.jwt.audience: is missing");
    wrong.forEach(
        (yaml, message) ->
            assertEquals(
                message,
                assertThrows(IllegalArgumentException.class, () -> guards(yaml)).getMessage()));
  }

  @Test
  void whatMakesNoSenseIsNamedWithItsLine() {
    Map<String, String> wrong =
        Map.of(
            "access: {identities: {a: {roles: viewer}}}", "access.identities.a",
            "access: {identities: {a: {tokenFile: /a}}}", "access.identities.a",
            "access: {identities: {a: {roles: king, tokenFile: /a}}}", "access.identities.a.roles",
            "access: {identities: {'a b': {roles: viewer, tokenFile: /a}}}",
                "access.identities.a b",
            "access: {jwt: {algorithms: [HS256]}}", "access.jwt.algorithms",
            "access: {jwt: {algorithms: [none]}}", "access.jwt.algorithms",
            "access: {jwt: {jwksUri: 'ftp://a'}}", "access.jwt.jwksUri",
            "access: {burst: 0}", "access.burst");
    wrong.forEach(
        (yaml, setting) -> {
          ConfigException e = assertThrows(ConfigException.class, () -> guards(yaml));
          assertEquals(1, e.mistakes().size(), e.mistakes()::toString);
          String mistake = e.mistakes().getFirst();
          assertTrue(mistake.contains(setting) && mistake.contains(":1"), mistake);
        });
  }

  @Test
  void portsThatAreOpenToOthersAreWarnedOf() throws IOException {
    assertEquals(6, SecurityParts.warnings(config("")).size());
    assertEquals(
        List.of(),
        SecurityParts.warnings(
            config("rpc: {bindAddress: 127.0.0.1}\nhttp: {bindAddress: localhost}\n")));
    List<String> left =
        SecurityParts.warnings(
            config(
                """
                tls: {sync: {certFile: /a, keyFile: /b}}
                access: {identities: {a: {roles: viewer, tokenFile: /a}}}
                """));
    assertEquals(2, left.size(), left::toString);
    assertTrue(left.toString().contains("tls.worker"), left::toString);
    assertTrue(left.toString().contains("tls.http"), left::toString);
  }

  private Guards guards(String yaml) throws IOException {
    return SecurityParts.guards(config(yaml), Ticker.system(), components);
  }

  private CoordinatorConfig config(String yaml) throws IOException {
    Path file = Files.writeString(folder.resolve("c.yaml"), yaml);
    return ConfigLoader.load(file, Map.of()).config();
  }

  private List<Class<?>> classes() {
    return components.stream().<Class<?>>map(Component::getClass).toList();
  }
}
