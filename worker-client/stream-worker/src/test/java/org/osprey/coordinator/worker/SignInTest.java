package org.osprey.coordinator.worker;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.netty.handler.ssl.ClientAuth;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import javax.net.ssl.SSLException;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** How workers prove who they are, and whom they believe. */
@Timeout(60)
class SignInTest {
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(5);

  @TempDir private static Path folder;
  private static TestCertificate server;
  private static TestCertificate client;

  private final ManualTimer timer = new ManualTimer();
  private final StreamWorkerBuilder builder =
      StreamWorker.builder().streams(1).timer(timer).handler(action -> Answer.verdicts());

  @BeforeAll
  static void makeCertificates() throws Exception {
    server = TestCertificate.create(folder, "server", "ip:127.0.0.1");
    client = TestCertificate.create(folder, "client", "dns:client");
  }

  @Test
  void eachStreamHasTheTokenThatIsInTheFileWhenItOpens() throws IOException {
    Path file = Files.writeString(folder.resolve("rotated"), "first\n");
    try (ScriptedCoordinator coordinator = new ScriptedCoordinator();
        StreamWorker worker = started(coordinator, builder.tokenFile(file))) {
      ScriptedCoordinator.Session session = coordinator.session(0);
      assertEquals("Bearer first", session.header("authorization"));
      await().until(() -> worker.stats().streamsConnected() == 1);
      timer.advance(StreamSlot.PROOF);
      Files.writeString(file, "second\n");
      session.end();
      assertEquals("Bearer second", coordinator.session(1).header("authorization"));
    }
  }

  @Test
  void aTokenThatIsGoneForAWhileIsWaitedFor() throws IOException {
    Path file = Files.writeString(folder.resolve("gone"), "token");
    try (ScriptedCoordinator coordinator = new ScriptedCoordinator();
        StreamWorker worker = started(coordinator, builder.tokenFile(file))) {
      ScriptedCoordinator.Session session = coordinator.session(0);
      await().until(() -> worker.stats().streamsConnected() == 1);
      timer.advance(StreamSlot.PROOF);
      Files.delete(file);
      session.end();
      await().until(() -> timer.expects(LONGEST_PAUSE));
      Files.writeString(file, "back");
      timer.advance(LONGEST_PAUSE);
      assertEquals("Bearer back", coordinator.session(1).header("authorization"));
    }
  }

  @Test
  void aFileWithoutATokenIsRefusedAndNotQuoted() throws IOException {
    Path file = Files.writeString(folder.resolve("bad"), "two words");
    builder.target("127.0.0.1:1").tokenFile(file);
    assertEquals(
        "tokenFile: expected one token of printable ASCII in " + file,
        assertThrows(IllegalArgumentException.class, builder::build).getMessage());
  }

  @Test
  void worksOverTls() throws IOException {
    Path file = Files.writeString(folder.resolve("token"), "token");
    try (ScriptedCoordinator coordinator = new ScriptedCoordinator(server.server().build());
        StreamWorker worker = started(coordinator, builder.tls(server.ca()).tokenFile(file))) {
      ScriptedCoordinator.Session session = coordinator.session(0);
      assertEquals("Bearer token", session.header("authorization"));
      session.send(1, "user_login");
      session.request(1);
      await().until(() -> worker.stats().acked() == 1);
    }
  }

  @Test
  void tellsNobodyElseItsToken() throws IOException {
    Path file = Files.writeString(folder.resolve("kept"), "kept");
    try (ScriptedCoordinator coordinator = new ScriptedCoordinator(server.server().build());
        StreamWorker worker = started(coordinator, builder.tls().tokenFile(file))) {
      await().until(() -> timer.expects(LONGEST_PAUSE));
      assertEquals(0, coordinator.sessions());
      assertEquals(0, worker.stats().streamsConnected());
    }
  }

  @Test
  void showsItsCertificate() throws SSLException {
    try (ScriptedCoordinator coordinator = wantsCertificates();
        StreamWorker worker =
            started(
                coordinator, builder.tls(server.ca()).certificate(client.chain(), client.key()))) {
      coordinator.session(0);
      await().until(() -> worker.stats().streamsConnected() == 1);
    }
  }

  @Test
  void isNotLetInWithoutTheCertificateThatIsWanted() throws SSLException {
    try (ScriptedCoordinator coordinator = wantsCertificates();
        StreamWorker worker = started(coordinator, builder.tls(server.ca()))) {
      await().until(() -> timer.expects(LONGEST_PAUSE));
      assertEquals(0, coordinator.sessions());
      assertEquals(0, worker.stats().received());
    }
  }

  @Test
  void namesTheFileThatIsSomethingElse() throws IOException {
    Path text = Files.writeString(folder.resolve("text"), "no PEM");
    builder.target("127.0.0.1:1");
    assertRefused("tls: expected PEM certificates, got " + text, builder.tls(text));
    assertRefused(
        "certificate: expected a PEM chain and its key in PKCS #8 without a password, got %s, %s"
            .formatted(client.chain(), text),
        builder.tls().certificate(client.chain(), text));
    StreamWorkerBuilder plain = StreamWorker.builder().target("127.0.0.1:1");
    plain.handler(action -> Answer.verdicts()).certificate(client.chain(), client.key());
    assertRefused("certificate: expected tls() too, got plaintext", plain);
  }

  private static ScriptedCoordinator wantsCertificates() throws SSLException {
    return new ScriptedCoordinator(
        server.server().trustManager(client.ca().toFile()).clientAuth(ClientAuth.REQUIRE).build());
  }

  private static StreamWorker started(
      ScriptedCoordinator coordinator, StreamWorkerBuilder builder) {
    StreamWorker worker = builder.target(coordinator.target()).build();
    worker.start();
    return worker;
  }

  private static void assertRefused(String message, StreamWorkerBuilder refused) {
    assertEquals(
        message, assertThrows(IllegalArgumentException.class, refused::build).getMessage());
  }
}
