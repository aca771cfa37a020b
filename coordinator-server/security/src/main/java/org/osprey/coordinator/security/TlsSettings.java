package org.osprey.coordinator.security;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * TLS of one port, from PEM files.
 *
 * @param setting where it is set
 * @param certificates the server's own first, then those that lead to its CA
 * @param key PKCS #8, not encrypted
 * @param clientCas who signs certificates of clients; null when clients show none
 * @param clientsMust whether a client without a certificate is refused
 */
public record TlsSettings(
    String setting, Path certificates, Path key, @Nullable Path clientCas, boolean clientsMust) {}
