package org.osprey.coordinator.nats;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTimeout;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.nats.client.NKey;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.osprey.coordinator.core.Ticker;
import org.osprey.coordinator.nats.NatsTlsSettings.Store;

class NatsConnectionTest {
  private static final Duration PATIENCE = Duration.ofMinutes(1);
  private static final String NO_LOGIN = "login refused";

  @TempDir private Path directory;

  @Test
  void logsInWithUserAndPassword() {
    try (NatsServer server = NatsServer.start("authorization { user: ann, password: secret }")) {
      NatsConnectionSettings settings = NatsConnectionSettings.of(server.url());
      assertConnects(settings.withUser("ann", "secret"));
      assertFails(settings.withUser("ann", "wrong"), "nats.user=ann", NO_LOGIN);
      assertFails(settings, "nats.user", NO_LOGIN);
    }
  }

  @Test
  void logsInWithAToken() {
    try (NatsServer server = NatsServer.start("authorization { token: secret }")) {
      NatsConnectionSettings settings = NatsConnectionSettings.of(server.url());
      assertConnects(settings.withToken("secret"));
      assertFails(settings.withToken("wrong"), "nats.token", NO_LOGIN);
    }
  }

  @Test
  void logsInWithACredentialsFile() throws IOException, GeneralSecurityException {
    NKey key = NKey.createUser(null);
    NKey stranger = NKey.createUser(null);
    try (NatsServer server =
        NatsServer.start(
            "authorization { users: [ { nkey: %s } ] }"
                .formatted(new String(key.getPublicKey())))) {
      NatsConnectionSettings settings = NatsConnectionSettings.of(server.url());
      assertConnects(settings.withCredentials(credentials("known.creds", key)));
      assertFails(
          settings.withCredentials(credentials("stranger.creds", stranger)),
          "nats.credentialsFile=",
          NO_LOGIN);
      assertFails(
          settings.withCredentials(directory.resolve("missing.creds")),
          "nats.credentialsFile=",
          "missing.creds");
    }
  }

  @Test
  void recoversWhenTheServerTakesTheLogin() {
    try (NatsServer server = NatsServer.start("authorization { token: old }");
        Connected connected =
            new Connected(NatsConnectionSettings.of(server.url()).withToken("new"))) {
      await()
          .atMost(PATIENCE)
          .until(() -> connected.connection().check().detail().contains(NO_LOGIN));
      server.kill();
      server.configure("authorization { token: new }");
      server.restart();
      await().atMost(PATIENCE).until(() -> connected.connection().check().healthy());

      // The client gives up for good after a login is refused twice; we do not.
      server.kill();
      server.configure("authorization { token: old }");
      server.restart();
      await()
          .atMost(PATIENCE)
          .until(() -> connected.connection().check().detail().contains(NO_LOGIN));
      server.kill();
      server.configure("authorization { token: new }");
      server.restart();
      await().atMost(PATIENCE).until(() -> connected.connection().check().healthy());
    }
  }

  @Test
  void trustsWhatTheCaFileSaysAndNothingElse() {
    Certificates ours = Certificates.create(directory, "ours", "ip:127.0.0.1");
    Certificates theirs = Certificates.create(directory, "theirs", "ip:127.0.0.1");
    try (NatsServer server = NatsServer.start(tls(ours, ""))) {
      NatsConnectionSettings settings = NatsConnectionSettings.of(server.url());
      assertConnects(settings.withTls(NatsTlsSettings.ofCa(ours.certFile())));
      assertConnects(
          settings.withTls(
              new NatsTlsSettings(null, null, null, store(ours.trustStore()), null, true)));
      assertFails(settings.withTls(NatsTlsSettings.ofCa(theirs.certFile())), "nats.tls.caFile");
      assertFails(settings.withTls(NatsTlsSettings.JDK), "nats.tls.caFile");
      assertFails(settings.withTls(NatsTlsSettings.ofCa(directory.resolve("missing"))), "missing");
    }
  }

  @Test
  void refusesACertificateOfAnotherHost() {
    Certificates other = Certificates.create(directory, "other", "dns:other.example");
    try (NatsServer server = NatsServer.start(tls(other, ""))) {
      NatsConnectionSettings settings = NatsConnectionSettings.of(server.url());
      assertFails(settings.withTls(NatsTlsSettings.ofCa(other.certFile())), "nats.tls.caFile");
      assertConnects(
          settings.withTls(new NatsTlsSettings(other.certFile(), null, null, null, null, false)));
    }
  }

  @Test
  void showsItsOwnCertificate() {
    Certificates server = Certificates.create(directory, "server", "ip:127.0.0.1");
    Certificates client = Certificates.create(directory, "client", "dns:client");
    String verify = "verify: true, ca_file: \"%s\"".formatted(client.certFile());
    try (NatsServer demanding = NatsServer.start(tls(server, verify))) {
      NatsConnectionSettings settings = NatsConnectionSettings.of(demanding.url());
      assertConnects(
          settings.withTls(
              new NatsTlsSettings(
                  server.certFile(), client.certFile(), client.keyFile(), null, null, true)));
      assertConnects(
          settings.withTls(
              new NatsTlsSettings(
                  server.certFile(), null, null, null, store(client.keyStore()), true)));
      assertFails(settings.withTls(NatsTlsSettings.ofCa(server.certFile())), "nats.");
    }
  }

  @Test
  void startsBeforeItsServerAndOutlivesIt() {
    NatsServer server = NatsServer.start();
    server.kill();
    try (server;
        Connected connected = new Connected(NatsConnectionSettings.of(server.url()))) {
      NatsConnection connection = connected.connection();
      await().atMost(PATIENCE).until(() -> connection.check().detail().contains("no server"));
      assertTrue(connection.check().detail().contains("nats.servers=" + server.url()));
      assertNull(connection.current());

      server.restart();
      await().atMost(PATIENCE).until(() -> connection.check().healthy());
      long epoch = connection.epoch();
      server.kill();
      await().atMost(PATIENCE).until(() -> !connection.check().healthy());
      server.restart();
      await().atMost(PATIENCE).until(() -> connection.check().healthy());
      await().atMost(PATIENCE).until(() -> connection.epoch() > epoch);
    }
  }

  @Test
  void closesInTimeWithoutAServer() {
    NatsServer server = NatsServer.start();
    server.kill();
    try (server) {
      NatsConnection connection =
          new NatsConnection(
              NatsConnectionSettings.of(server.url()), Ticker.system(), new Random(1));
      connection.start();
      assertFalse(connection.check().healthy());
      assertTimeout(Duration.ofSeconds(4), connection::close);
      assertTimeout(Duration.ofSeconds(1), connection::close);
    }
  }

  private Path credentials(String name, NKey key) throws IOException, GeneralSecurityException {
    return Files.writeString(
        directory.resolve(name),
        """
        -----BEGIN NATS USER JWT-----
        e30.e30.e30
        ------END NATS USER JWT------

        -----BEGIN USER NKEY SEED-----
        %s
        ------END USER NKEY SEED------
        """
            .formatted(new String(key.getSeed())));
  }

  private static String tls(Certificates own, String more) {
    return "tls { cert_file: \"%s\", key_file: \"%s\", %s }"
        .formatted(own.certFile(), own.keyFile(), more);
  }

  private static Store store(Path file) {
    return new Store(file, Certificates.PASSWORD);
  }

  private static void assertConnects(NatsConnectionSettings settings) {
    try (Connected connected = new Connected(settings)) {
      await().atMost(PATIENCE).until(() -> connected.connection().check().healthy());
    }
  }

  private static void assertFails(NatsConnectionSettings settings, String... details) {
    try (Connected connected = new Connected(settings)) {
      for (String detail : details) {
        await()
            .atMost(PATIENCE)
            .until(() -> connected.connection().check().detail().contains(detail));
      }
      assertFalse(connected.connection().check().healthy());
    }
  }
}
