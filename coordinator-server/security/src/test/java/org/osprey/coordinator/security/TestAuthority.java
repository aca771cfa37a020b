package org.osprey.coordinator.security;

import io.netty.pkitesting.CertificateBuilder;
import io.netty.pkitesting.X509Bundle;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.function.UnaryOperator;

/** Signs certificates, and writes them as PEM files. */
public final class TestAuthority {
  private final Path folder;
  private final X509Bundle root;
  private final Path certificates;

  /** PEM files of one certificate. */
  public record KeyPair(Path certificates, Path key, X509Bundle bundle) {}

  public TestAuthority(Path folder, String name) throws Exception {
    this.folder = folder;
    root = valid("CN=" + name).setIsCertificateAuthority(true).buildSelfSigned();
    certificates = folder.resolve(name + ".ca.pem");
    Files.writeString(certificates, root.getCertificatePEM());
  }

  /** Its own certificate. */
  public Path certificates() {
    return certificates;
  }

  /** For servers on this host. */
  public KeyPair server(String name) throws Exception {
    return issue(
        name,
        builder ->
            builder
                .addSanDnsName("localhost")
                .addSanIpAddress("127.0.0.1")
                .addExtendedKeyUsageServerAuth());
  }

  public KeyPair client(String name) throws Exception {
    return issue(name, CertificateBuilder::addExtendedKeyUsageClientAuth);
  }

  public KeyPair issue(String name, UnaryOperator<CertificateBuilder> how) throws Exception {
    return write(name, how.apply(valid("CN=" + name)).buildIssuedBy(root));
  }

  /** Under file names of its own; in place of what was there. */
  public KeyPair write(String name, X509Bundle bundle) throws Exception {
    Path chain = folder.resolve(name + ".pem");
    Path key = folder.resolve(name + ".key");
    Files.writeString(key, bundle.getPrivateKeyPEM());
    Files.writeString(chain, bundle.getCertificatePathPEM());
    return new KeyPair(chain, key, bundle);
  }

  private static CertificateBuilder valid(String subject) {
    Instant now = Instant.now();
    return new CertificateBuilder()
        .ecp256()
        .subject(subject)
        .notBefore(now.minus(Duration.ofDays(1)))
        .notAfter(now.plus(Duration.ofDays(1)));
  }
}
