package org.osprey.coordinator.security;

import com.google.errorprone.annotations.ThreadSafe;
import io.grpc.util.AdvancedTlsX509KeyManager;
import io.grpc.util.AdvancedTlsX509TrustManager;
import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedKeyManager;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;

/**
 * TLS of one port. New files hold for the connections that come after them; those that are open
 * stay.
 */
@ThreadSafe
public final class ServerTls {
  /** Newest first. */
  public static final List<String> PROTOCOLS = List.of("TLSv1.3", "TLSv1.2");

  /**
   * For how long a connection may begin where another one ended, without its client's certificate
   * being looked at again.
   */
  public static final Duration SESSION = Duration.ofMinutes(1);

  private final TlsSettings settings;

  @SuppressWarnings("ThreadSafe") // says of itself that it is
  private final AdvancedTlsX509KeyManager own = new AdvancedTlsX509KeyManager();

  @SuppressWarnings("ThreadSafe") // likewise
  private final @Nullable AdvancedTlsX509TrustManager clients;

  /** What clients have to do with certificates. */
  public enum Clients {
    SHOW_NONE,
    MAY_SHOW_ONE,
    MUST_SHOW_ONE
  }

  public ServerTls(TlsSettings settings) {
    this.settings = settings;
    clients = settings.clientCas() == null ? null : trust();
  }

  /** Empty until its files are loaded, when nobody can connect. */
  public X509ExtendedKeyManager own() {
    return own;
  }

  /** Who is believed to be a client; null when clients show nothing. */
  public @Nullable X509ExtendedTrustManager trusted() {
    return clients;
  }

  public Clients clients() {
    if (clients == null) {
      return Clients.SHOW_NONE;
    }
    return settings.clientsMust() ? Clients.MUST_SHOW_ONE : Clients.MAY_SHOW_ONE;
  }

  /** The same for servers that take the JDK's. */
  public SSLContext context() {
    try {
      SSLContext context = SSLContext.getInstance("TLS");
      TrustManager[] trusted = clients == null ? new TrustManager[0] : new TrustManager[] {clients};
      context.init(new KeyManager[] {own}, trusted, null);
      context.getServerSessionContext().setSessionTimeout(Math.toIntExact(SESSION.toSeconds()));
      return context;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JVM has TLS", e);
    }
  }

  WatchedFiles files() {
    List<Path> files = new ArrayList<>(List.of(settings.certificates(), settings.key()));
    if (settings.clientCas() != null) {
      files.add(settings.clientCas());
    }
    return new WatchedFiles(settings.setting(), files, this::load);
  }

  private void load() throws IOException {
    X509Certificate[] certificates = KeyPairFiles.certificates(settings.certificates());
    PrivateKey key = KeyPairFiles.key(settings.key());
    KeyPairFiles.requireFit(certificates[0], key, settings.key());
    try {
      if (clients != null && settings.clientCas() != null) {
        clients.updateTrustCredentials(KeyPairFiles.certificates(settings.clientCas()));
      }
      own.updateIdentityCredentials(certificates, key);
    } catch (GeneralSecurityException e) {
      throw new IOException("can't be used: " + e.getMessage(), e);
    }
  }

  private static AdvancedTlsX509TrustManager trust() {
    try {
      return AdvancedTlsX509TrustManager.newBuilder()
          .setVerification(AdvancedTlsX509TrustManager.Verification.CERTIFICATE_ONLY_VERIFICATION)
          .build();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JVM has X.509", e);
    }
  }
}
