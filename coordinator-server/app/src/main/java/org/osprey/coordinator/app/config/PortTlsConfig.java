package org.osprey.coordinator.app.config;

/** TLS of one port, from PEM files; without a certificate the port is not encrypted. */
public record PortTlsConfig(
    String certFile, String keyFile, String clientCaFile, boolean requireClients) {

  /** Whether anything is set. */
  public boolean isSet() {
    return !certFile.isEmpty() || !keyFile.isEmpty() || !clientCaFile.isEmpty() || requireClients;
  }
}
