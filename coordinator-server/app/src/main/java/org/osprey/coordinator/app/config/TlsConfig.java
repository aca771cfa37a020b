package org.osprey.coordinator.app.config;

/** PEM files for an encrypted connection; empty means none, or what the JVM trusts. */
public record TlsConfig(String caFile, String certificateFile, String keyFile) {

  /** Whether anything is set. */
  public boolean isSet() {
    return !caFile.isEmpty() || !certificateFile.isEmpty() || !keyFile.isEmpty();
  }
}
