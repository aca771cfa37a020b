package org.osprey.coordinator.security;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.cert.X509Certificate;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.osprey.coordinator.core.Ticker;

@Timeout(120)
class CredentialFilesTest {
  @TempDir private Path folder;
  private TestAuthority authority;
  private TestAuthority.KeyPair first;
  private TestAuthority.KeyPair second;
  private ServerTls tls;
  private CredentialFiles files;

  @BeforeEach
  void write() throws Exception {
    authority = new TestAuthority(folder, "authority");
    first = authority.server("first");
    second = authority.server("second");
    tls =
        new ServerTls(
            new TlsSettings(
                "tls.sync", first.certificates(), first.key(), authority.certificates(), false));
    files = new CredentialFiles(List.of(tls), Access.open(Ticker.system()), Ticker.system());
  }

  @AfterEach
  void close() {
    files.close();
  }

  @Test
  void aNewPairReplacesTheOldOneOnlyWhenBothAreThere() throws Exception {
    files.start();
    X509Certificate[] before = chain();
    move(second.certificates(), first.certificates());
    await().until(() -> !files.check().healthy());
    assertTrue(
        files.check().detail().contains("first.key: is not the key of the certificate"),
        files.check()::detail);
    assertArrayEquals(before, chain());

    move(second.key(), first.key());
    await().until(() -> files.check().healthy());
    assertEquals(second.bundle().getCertificate(), chain()[0]);
  }

  @Test
  void aNewAuthorityOfClientsReplacesTheOldOne() throws Exception {
    files.start();
    TestAuthority other = new TestAuthority(folder, "other");
    TestAuthority.KeyPair ours = authority.client("ours");
    TestAuthority.KeyPair theirs = other.client("theirs");
    assertTrue(trusted(ours));
    assertFalse(trusted(theirs));
    move(other.certificates(), authority.certificates());
    await().until(() -> trusted(theirs));
    assertFalse(trusted(ours));
  }

  @Test
  void whatCannotBeReadIsToldAtTheStartWithItsSetting() throws Exception {
    Files.writeString(first.key(), "no key");
    assertStartFails("tls.sync: " + first.key() + ": no private key, want PEM in PKCS #8");
    Files.delete(first.certificates());
    assertStartFails("tls.sync: " + first.certificates() + ": no PEM certificates: ");
  }

  private void assertStartFails(String message) {
    IllegalArgumentException e = assertThrows(IllegalArgumentException.class, files::start);
    assertTrue(String.valueOf(e.getMessage()).startsWith(message), e.getMessage());
  }

  /** Whether the server lets a connection of that client be. */
  private boolean trusted(TestAuthority.KeyPair client) throws Exception {
    InetAddress loopback = InetAddress.getLoopbackAddress();
    try (SSLServerSocket port =
            (SSLServerSocket)
                tls.context().getServerSocketFactory().createServerSocket(0, 1, loopback);
        SSLSocket there =
            (SSLSocket)
                shows(client).getSocketFactory().createSocket(loopback, port.getLocalPort());
        SSLSocket here = (SSLSocket) port.accept()) {
      here.setNeedClientAuth(true);
      Thread.ofVirtual().start(() -> handshakes(there));
      return handshakes(here);
    }
  }

  private static boolean handshakes(SSLSocket socket) {
    try {
      socket.startHandshake();
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  private SSLContext shows(TestAuthority.KeyPair client) throws Exception {
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(
        client.bundle().toKeyManagerFactory().getKeyManagers(),
        first.bundle().toTrustManagerFactory().getTrustManagers(),
        null);
    return context;
  }

  private X509Certificate[] chain() {
    String alias = tls.own().chooseServerAlias("EC", null, null);
    return tls.own().getCertificateChain(alias == null ? "default" : alias);
  }

  private static void move(Path from, Path to) throws IOException {
    Files.move(from, to, StandardCopyOption.REPLACE_EXISTING);
  }
}
