package org.osprey.coordinator.ctl.api;

import io.grpc.netty.GrpcSslContexts;
import io.netty.handler.ssl.JdkSslContext;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;
import org.osprey.coordinator.ctl.console.Failure;

/**
 * Which coordinators are believed, and how a caller shows itself to them. All files are PEM.
 *
 * @param ca the only authorities that are believed; null for those of the JDK
 * @param certificate the caller's chain; null without one
 * @param key of the certificate: PKCS #8 without a password
 */
public record TlsFiles(
    @Nullable NamedFile ca, @Nullable NamedFile certificate, @Nullable NamedFile key) {
  private static final String[] VERSIONS = {"TLSv1.3", "TLSv1.2"};

  public TlsFiles {
    if ((certificate == null) != (key == null)) {
      throw Failure.usage("--certificate and --key: want both or none, got one");
    }
  }

  /**
   * @throws Failure when a file holds something else
   */
  SSLContext context() {
    if (build(builder()) instanceof JdkSslContext made) {
      return made.context();
    }
    throw new IllegalStateException("expected a context of the JDK");
  }

  /**
   * @throws Failure when a file holds something else
   */
  SslContext grpcContext() {
    return build(GrpcSslContexts.configure(builder(), SslProvider.JDK));
  }

  private SslContextBuilder builder() {
    SslContextBuilder builder =
        SslContextBuilder.forClient().sslProvider(SslProvider.JDK).protocols(VERSIONS);
    if (ca != null) {
      trust(builder, ca);
    }
    if (certificate != null && key != null) {
      show(builder, certificate, key);
    }
    return builder;
  }

  private static void trust(SslContextBuilder builder, NamedFile ca) {
    try {
      builder.trustManager(ca.file());
    } catch (IllegalArgumentException e) {
      throw Failure.usage("%s: want PEM certificates, got %s".formatted(ca.option(), ca.path()));
    }
  }

  private static void show(SslContextBuilder builder, NamedFile certificate, NamedFile key) {
    try {
      builder.keyManager(certificate.file(), key.file());
    } catch (IllegalArgumentException e) {
      throw Failure.usage(
          "%s, %s: want a PEM chain and its key in PKCS #8 without a password, got %s and %s"
              .formatted(certificate.option(), key.option(), certificate.path(), key.path()));
    }
  }

  private static SslContext build(SslContextBuilder builder) {
    try {
      return builder.build();
    } catch (SSLException e) {
      throw Failure.usage("--ca-file, --certificate, --key: cannot be used: " + e.getMessage());
    }
  }
}
