package org.osprey.coordinator.worker;

import io.grpc.netty.GrpcSslContexts;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * What connections are made safe with. All files are PEM, and are read once.
 *
 * @param ca the only authorities that are trusted; null for those of the JDK
 * @param chain the worker's own certificate; null without one
 * @param key of it: PKCS #8 without a password
 */
record TlsFiles(@Nullable Path ca, @Nullable Path chain, @Nullable Path key) {
  private static final String[] VERSIONS = {"TLSv1.3", "TLSv1.2"};

  /**
   * @throws IllegalArgumentException when a file is missing or holds something else
   */
  SslContext context() {
    SslContextBuilder builder =
        GrpcSslContexts.configure(SslContextBuilder.forClient(), SslProvider.JDK)
            .protocols(VERSIONS);
    if (ca != null) {
      trust(builder, ca);
    }
    if (chain != null && key != null) {
      show(builder, chain, key);
    }
    try {
      return builder.build();
    } catch (SSLException e) {
      throw new IllegalArgumentException("tls: cannot be used: " + e.getMessage(), e);
    }
  }

  private static void trust(SslContextBuilder builder, Path ca) {
    checkReadable("tls", ca);
    try {
      builder.trustManager(ca.toFile());
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("tls: expected PEM certificates, got " + ca, e);
    }
  }

  private static void show(SslContextBuilder builder, Path chain, Path key) {
    checkReadable("certificate", chain);
    checkReadable("certificate", key);
    try {
      builder.keyManager(chain.toFile(), key.toFile());
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "certificate: expected a PEM chain and its key in PKCS #8 without a password, got %s, %s"
              .formatted(chain, key),
          e);
    }
  }

  private static void checkReadable(String name, Path file) {
    if (!Files.isReadable(file) || Files.isDirectory(file)) {
      throw new IllegalArgumentException(
          "%s: expected a file that can be read, got %s".formatted(name, file));
    }
  }
}
