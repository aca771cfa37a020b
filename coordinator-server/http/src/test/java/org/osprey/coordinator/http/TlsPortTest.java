package org.osprey.coordinator.http;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpClient;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.osprey.coordinator.http.HttpFixture.Answer;
import org.osprey.coordinator.security.ServerTls;

/** The HTTP port with TLS. */
@Timeout(60)
class TlsPortTest {
  private static final String QUEUE = "/api/queue";

  @TempDir private Path folder;
  private TestPki pki;
  private KnownCallers callers;
  private HttpFixture http;

  @BeforeEach
  void open() throws Exception {
    pki = new TestPki(folder);
    open(pki.server(null));
  }

  private void open(ServerTls tls) {
    callers = KnownCallers.ofEachRole(folder);
    http = new HttpFixture(callers.security(tls));
  }

  /** In place of the one that there is. */
  private void reopen(ServerTls tls) {
    close();
    open(tls);
  }

  @AfterEach
  void close() {
    http.close();
    callers.close();
  }

  @Test
  void answersThoseWhoTrustIt() throws Exception {
    try (HttpClient client = pki.client(null)) {
      assertEquals(200, http.send(client, http.request("/health/live").GET()).status());
      assertEquals(401, http.send(client, http.request(QUEUE).GET()).status());
    }
  }

  @Test
  void itsCookieGoesOverTlsOnly() throws Exception {
    String token = "{\"token\":\"" + KnownCallers.token("viewer") + "\"}";
    try (HttpClient client = pki.client(null)) {
      Answer answer =
          http.send(
              client,
              http.request("/api/session")
                  .header("Content-Type", "application/json")
                  .POST(BodyPublishers.ofString(token)));
      String cookie = answer.response().headers().firstValue("Set-Cookie").orElseThrow();
      assertTrue(cookie.contains("; Secure"), cookie);
    }
  }

  @Test
  void aCertificateTellsWhoItIs() throws Exception {
    reopen(pki.server(false));
    try (HttpClient viewer = pki.client(pki.issue("viewer"));
        HttpClient stranger = pki.client(pki.issue("stranger"));
        HttpClient nobody = pki.client(null)) {
      assertEquals(200, http.send(viewer, http.request(QUEUE).GET()).status());
      Answer refused = http.send(viewer, http.request("/api/drain").POST(BodyPublishers.noBody()));
      assertEquals(403, refused.status());
      assertTrue(refused.detail().startsWith("viewer is no operator"), refused.detail());
      assertEquals(401, http.send(stranger, http.request(QUEUE).GET()).status());
      assertEquals(401, http.send(nobody, http.request(QUEUE).GET()).status());
    }
  }

  @Test
  void aCertificateMayBeAMust() throws Exception {
    reopen(pki.server(true));
    TestPki elsewhere = new TestPki(Files.createDirectory(folder.resolve("elsewhere")));
    try (HttpClient viewer = pki.client(pki.issue("viewer"));
        HttpClient nobody = pki.client(null);
        HttpClient forger = pki.client(elsewhere.issue("viewer"))) {
      assertEquals(200, http.send(viewer, http.request(QUEUE).GET()).status());
      assertRefused(nobody);
      assertRefused(forger);
    }
  }

  private void assertRefused(HttpClient client) {
    assertThrows(
        IOException.class,
        () -> client.send(http.request("/health/live").GET().build(), BodyHandlers.ofString()));
  }

  @Test
  void newFilesHoldForNewConnectionsAndOldOnesStay() throws Exception {
    try (SSLSocket old = connect()) {
      assertEquals("CN=server", subject(old));
      assertTrue(ask(old).startsWith("HTTP/1.1 200 "));
      pki.writeServer("renewed");
      await()
          .until(
              () -> {
                try (SSLSocket fresh = connect()) {
                  return subject(fresh).equals("CN=renewed");
                }
              });
      assertTrue(ask(old).startsWith("HTTP/1.1 200 "));
    }
  }

  @Test
  void oldVersionsAreRefused() throws Exception {
    try (SSLSocket socket = unconnected()) {
      socket.setEnabledProtocols(new String[] {"TLSv1.2"});
      socket.startHandshake();
      assertEquals("TLSv1.2", socket.getSession().getProtocol());
    }
    try (SSLSocket socket = unconnected()) {
      socket.setEnabledProtocols(new String[] {"TLSv1.1"});
      assertThrows(SSLHandshakeException.class, socket::startHandshake);
    }
  }

  @Test
  void whoSpeaksPlainHttpIsCut() throws IOException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), http.port())) {
      socket
          .getOutputStream()
          .write("GET /api/queue HTTP/1.1\r\nHost: a\r\n\r\n".getBytes(US_ASCII));
      String answer = new String(socket.getInputStream().readAllBytes(), US_ASCII);
      assertFalse(answer.contains("HTTP/1.1 200"), answer);
      assertTrue(answer.length() < 100, answer);
    }
  }

  @Test
  void aHandshakeThatTricklesIsCut() throws Exception {
    http.close();
    callers.close();
    callers = KnownCallers.ofEachRole(folder);
    // Long enough for the handshake of the other one.
    http = new HttpFixture(Duration.ofSeconds(6), callers.security(pki.server(null)));
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), http.port());
        SSLSocket good = connect()) {
      // The start of a long record, and then a byte at a time, so that it is never silent.
      socket.getOutputStream().write(new byte[] {22, 3, 1, 16, 0});
      Thread trickle = Thread.ofVirtual().start(() -> trickle(socket, good));
      assertTrue(isCut(socket));
      assertTrue(trickle.join(Duration.ofSeconds(30)));
    }
  }

  /** Waits for it. */
  private static boolean isCut(Socket socket) {
    try {
      return socket.getInputStream().read() == -1;
    } catch (IOException e) {
      return true;
    }
  }

  /** Until it is cut; the connection beside it lives meanwhile. */
  private static void trickle(Socket socket, SSLSocket good) {
    try {
      while (true) {
        socket.getOutputStream().write(1);
        ask(good);
        TimeUnit.MILLISECONDS.sleep(200);
      }
    } catch (IOException e) {
      // That is what should happen.
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static String ask(SSLSocket socket) throws IOException {
    socket
        .getOutputStream()
        .write("GET /health/live HTTP/1.1\r\nHost: a\r\n\r\n".getBytes(US_ASCII));
    byte[] answer = new byte[4096];
    return new String(answer, 0, socket.getInputStream().read(answer), US_ASCII);
  }

  private SSLSocket connect() throws Exception {
    SSLSocket socket = unconnected();
    socket.startHandshake();
    return socket;
  }

  private SSLSocket unconnected() throws Exception {
    return (SSLSocket) pki.context(null).getSocketFactory().createSocket("127.0.0.1", http.port());
  }

  private static String subject(SSLSocket socket) throws SSLException {
    X509Certificate own = (X509Certificate) socket.getSession().getPeerCertificates()[0];
    return own.getSubjectX500Principal().getName();
  }
}
