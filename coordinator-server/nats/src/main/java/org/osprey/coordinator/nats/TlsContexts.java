package org.osprey.coordinator.nats;

import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;

/** Makes what a TLS connection needs from files. */
final class TlsContexts {
  /** Of key stores that never leave this process. */
  private static final char[] IN_MEMORY = "in-memory".toCharArray();

  private TlsContexts() {}

  static SSLContext of(NatsTlsSettings settings) throws IOException, GeneralSecurityException {
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(keys(settings), trust(settings), null);
    return context;
  }

  private static TrustManager[] trust(NatsTlsSettings settings)
      throws IOException, GeneralSecurityException {
    TrustManagerFactory factory =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    factory.init(trusted(settings));
    TrustManager[] managers = factory.getTrustManagers();
    if (settings.verifyHostname() && managers[0] instanceof X509ExtendedTrustManager checked) {
      return new TrustManager[] {new HostnameTrustManager(checked)};
    }
    return managers;
  }

  /** Null stands for the JDK's own. */
  private static @Nullable KeyStore trusted(NatsTlsSettings settings)
      throws IOException, GeneralSecurityException {
    if (settings.trustStore() != null) {
      return load(settings.trustStore());
    }
    Path caFile = settings.caFile();
    if (caFile == null) {
      return null;
    }
    KeyStore store = empty();
    Certificate[] authorities = Pem.certificates(caFile);
    for (int i = 0; i < authorities.length; i++) {
      store.setCertificateEntry("ca-" + i, authorities[i]);
    }
    return store;
  }

  private static KeyManager @Nullable [] keys(NatsTlsSettings settings)
      throws IOException, GeneralSecurityException {
    if (settings.keyStore() != null) {
      return keys(load(settings.keyStore()), settings.keyStore().password().toCharArray());
    }
    if (settings.certFile() == null || settings.keyFile() == null) {
      return null;
    }
    KeyStore store = empty();
    Certificate[] chain = Pem.certificates(settings.certFile());
    store.setKeyEntry("client", Pem.key(settings.keyFile()), IN_MEMORY, chain);
    return keys(store, IN_MEMORY);
  }

  private static KeyManager[] keys(KeyStore store, char[] password)
      throws GeneralSecurityException {
    KeyManagerFactory factory =
        KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    factory.init(store, password);
    return factory.getKeyManagers();
  }

  private static KeyStore load(NatsTlsSettings.Store store)
      throws IOException, GeneralSecurityException {
    return KeyStore.getInstance(store.file().toFile(), store.password().toCharArray());
  }

  private static KeyStore empty() throws IOException, GeneralSecurityException {
    KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
    store.load(null, null);
    return store;
  }
}
