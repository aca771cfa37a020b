package org.osprey.coordinator.security;

import io.grpc.util.CertificateUtils;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.X509Certificate;

/** Reads PEM files. Every error names the file. */
final class KeyPairFiles {
  private static final byte[] PROBE = {1, 2, 3};

  private KeyPairFiles() {}

  static X509Certificate[] certificates(Path file) throws IOException {
    try (InputStream pem = Files.newInputStream(file)) {
      X509Certificate[] certificates = CertificateUtils.getX509Certificates(pem);
      if (certificates.length == 0) {
        throw new IOException("has no certificate");
      }
      return certificates;
    } catch (IOException | GeneralSecurityException e) {
      throw new IOException("%s: no PEM certificates: %s".formatted(file, e.getMessage()), e);
    }
  }

  static PrivateKey key(Path file) throws IOException {
    try (InputStream pem = Files.newInputStream(file)) {
      return CertificateUtils.getPrivateKey(pem);
    } catch (IOException | GeneralSecurityException | RuntimeException e) {
      throw new IOException(
          "%s: no private key, want PEM in PKCS #8 without a password (openssl pkcs8 -topk8 -nocrypt makes it)"
              .formatted(file),
          e);
    }
  }

  /** Both are replaced one after the other, so they may not fit for a moment. */
  static void requireFit(X509Certificate certificate, PrivateKey key, Path keyFile)
      throws IOException {
    if (!fit(certificate.getPublicKey(), key)) {
      throw new IOException(keyFile + ": is not the key of the certificate");
    }
  }

  private static boolean fit(PublicKey certified, PrivateKey key) {
    try {
      Signature signature = Signature.getInstance(algorithm(key));
      signature.initSign(key);
      signature.update(PROBE);
      byte[] signed = signature.sign();
      signature.initVerify(certified);
      signature.update(PROBE);
      return signature.verify(signed);
    } catch (GeneralSecurityException e) {
      return false;
    }
  }

  private static String algorithm(PrivateKey key) {
    return switch (key.getAlgorithm()) {
      case "RSA" -> "SHA256withRSA";
      case "EC" -> "SHA256withECDSA";
      default -> key.getAlgorithm();
    };
  }
}
