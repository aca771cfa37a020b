package org.osprey.coordinator.app.config;

/** PEM files for an encrypted connection; empty means none, or what the JVM trusts. */
public record TlsConfig(String caFile, String certFile, String keyFile) {

  /** Whether anything is set. */
  public boolean isSet() {
    return !caFile.isEmpty() || !certFile.isEmpty() || !keyFile.isEmpty();
  }
}
