package org.osprey.coordinator.etcd;

import io.grpc.util.CertificateUtils;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;
import org.osprey.coordinator.etcd.EtcdSettings.Tls;

/**
 * The certificates of the settings in the form that both of our clients take.
 *
 * @param trusted null for what the JVM trusts
 * @param own null for no client certificate
 */
record TlsFiles(@Nullable TrustManagerFactory trusted, @Nullable KeyManagerFactory own) {
  /** Key stores want one; these never leave the memory. */
  private static final char[] NO_PASSWORD = {};

  static TlsFiles read(Tls tls) throws RegistryException {
    try {
      Path caFile = tls.caFile();
      Path certFile = tls.certFile();
      Path keyFile = tls.keyFile();
      return new TlsFiles(
          caFile == null ? null : trusting(caFile),
          certFile == null || keyFile == null ? null : own(certFile, keyFile));
    } catch (IOException | GeneralSecurityException e) {
      throw RegistryException.refused("etcd.tls: cannot read " + tls + ": " + e, e);
    }
  }

  SSLContext context() throws RegistryException {
    try {
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(
          own == null ? null : own.getKeyManagers(),
          trusted == null ? null : trusted.getTrustManagers(),
          null);
      return context;
    } catch (GeneralSecurityException e) {
      throw RegistryException.refused("etcd.tls: " + e, e);
    }
  }

  /**
   * @return what to say when a handshake failed; null when something else did
   */
  static @Nullable String trouble(Throwable failure) {
    for (Throwable e = failure; e != null; e = e.getCause()) {
      if (e instanceof SSLException) {
        return "etcd.tls: " + e.getMessage();
      }
    }
    return null;
  }

  private static TrustManagerFactory trusting(Path caFile)
      throws IOException, GeneralSecurityException {
    KeyStore store = emptyStore();
    X509Certificate[] authorities = certificates(caFile);
    for (int i = 0; i < authorities.length; i++) {
      store.setCertificateEntry("ca-" + i, authorities[i]);
    }
    TrustManagerFactory factory =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    factory.init(store);
    return factory;
  }

  private static KeyManagerFactory own(Path certFile, Path keyFile)
      throws IOException, GeneralSecurityException {
    KeyStore store = emptyStore();
    try (InputStream key = Files.newInputStream(keyFile)) {
      store.setKeyEntry(
          "own", CertificateUtils.getPrivateKey(key), NO_PASSWORD, certificates(certFile));
    }
    KeyManagerFactory factory =
        KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    factory.init(store, NO_PASSWORD);
    return factory;
  }

  private static KeyStore emptyStore() throws IOException, GeneralSecurityException {
    KeyStore store = KeyStore.getInstance("PKCS12");
    store.load(null, null);
    return store;
  }

  private static X509Certificate[] certificates(Path file)
      throws IOException, GeneralSecurityException {
    try (InputStream pem = Files.newInputStream(file)) {
      return CertificateUtils.getX509Certificates(pem);
    }
  }
}
