package org.osprey.coordinator.http;

import io.netty.pkitesting.CertificateBuilder;
import io.netty.pkitesting.X509Bundle;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.SecureRandom;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;
import org.osprey.coordinator.security.ServerTls;
import org.osprey.coordinator.security.TlsSettings;

/** An authority, and files of what it signed. */
final class TestPki {
  private final Path folder;
  private final X509Bundle authority;

  TestPki(Path folder) throws Exception {
    this.folder = folder;
    authority =
        new CertificateBuilder()
            .subject("CN=authority")
            .setIsCertificateAuthority(true)
            .buildSelfSigned();
    Files.writeString(folder.resolve("ca.crt"), authority.getCertificatePEM());
  }

  /** Of the address that tests listen on; over the files of the one before. */
  void writeServer(String name) throws Exception {
    X509Bundle server = issue(name);
    Files.writeString(folder.resolve("server.key"), server.getPrivateKeyPEM());
    Files.writeString(folder.resolve("server.crt"), server.getCertificatePEM());
  }

  X509Bundle issue(String name) throws Exception {
    return new CertificateBuilder()
        .subject("CN=" + name)
        .addSanIpAddress("127.0.0.1")
        .buildIssuedBy(authority);
  }

  /**
   * @param clientsMust null when clients show none
   */
  ServerTls server(@Nullable Boolean clientsMust) throws Exception {
    writeServer("server");
    return new ServerTls(
        new TlsSettings(
            "tls.http",
            folder.resolve("server.crt"),
            folder.resolve("server.key"),
            clientsMust == null ? null : folder.resolve("ca.crt"),
            Boolean.TRUE.equals(clientsMust)));
  }

  /**
   * @param shown null for a client that shows none
   */
  HttpClient client(@Nullable X509Bundle shown) throws Exception {
    return HttpClient.newBuilder().sslContext(context(shown)).build();
  }

  SSLContext context(@Nullable X509Bundle shown) throws Exception {
    TrustManagerFactory trust =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
    store.load(null);
    store.setCertificateEntry("ca", authority.getCertificate());
    trust.init(store);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(shown == null ? null : keys(shown), trust.getTrustManagers(), new SecureRandom());
    return context;
  }

  private static KeyManager[] keys(X509Bundle shown) throws Exception {
    char[] password = "changeit".toCharArray();
    KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
    store.load(null);
    store.setKeyEntry("own", shown.getKeyPair().getPrivate(), password, shown.getCertificatePath());
    KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    keys.init(store, password);
    return keys.getKeyManagers();
  }
}
