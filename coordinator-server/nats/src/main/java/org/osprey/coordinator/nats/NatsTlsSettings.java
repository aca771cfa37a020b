package org.osprey.coordinator.nats;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Whom to trust and what to show. Files are read again for each new connection.
 *
 * @param caFile certificates in PEM that sign servers; null for {@code trustStore}
 * @param certFile our certificate chain in PEM; null for none, or for {@code keyStore}
 * @param keyFile its key in PEM, PKCS #8 without a password
 * @param trustStore JKS or PKCS #12; null for {@code caFile}, or without that for the JDK's
 * @param keyStore JKS or PKCS #12 with our certificate and key; null for none
 * @param verifyHostname whether a server's certificate must name the host we connect to
 */
public record NatsTlsSettings(
    @Nullable Path caFile,
    @Nullable Path certFile,
    @Nullable Path keyFile,
    @Nullable Store trustStore,
    @Nullable Store keyStore,
    boolean verifyHostname) {

  /** A Java key store in a file. */
  public record Store(Path file, String password) {
    /** Leaves the password out. */
    @Override
    public String toString() {
      return file.toString();
    }
  }

  /** Trusts what the JDK trusts and shows nothing. */
  public static final NatsTlsSettings JDK = new NatsTlsSettings(null, null, null, null, null, true);

  /** What to look at, for people. */
  static final String SETTINGS = "nats.tls.caFile, nats.tls.certFile or nats.tls.keyFile: ";

  public NatsTlsSettings {
    if ((certFile == null) != (keyFile == null)) {
      throw Invalid.setting(
          "tls.certFile and nats.tls.keyFile go together, got %s and %s",
          String.valueOf(certFile), String.valueOf(keyFile));
    }
    if (caFile != null && trustStore != null) {
      throw Invalid.setting(
          "tls.caFile excludes nats.tls.trustStore, got %s and %s", caFile, trustStore);
    }
    if (certFile != null && keyStore != null) {
      throw Invalid.setting(
          "tls.certFile excludes nats.tls.keyStore, got %s and %s", certFile, keyStore);
    }
  }

  public static NatsTlsSettings ofCa(Path caFile) {
    return new NatsTlsSettings(caFile, null, null, null, null, true);
  }
}
