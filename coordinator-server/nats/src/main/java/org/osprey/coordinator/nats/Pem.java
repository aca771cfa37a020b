package org.osprey.coordinator.nats;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Certificates and keys in PEM files. */
final class Pem {
  private static final Pattern KEY =
      Pattern.compile("-----BEGIN PRIVATE KEY-----(.+?)-----END PRIVATE KEY-----", Pattern.DOTALL);
  private static final List<String> ALGORITHMS = List.of("RSA", "EC", "EdDSA");

  private Pem() {}

  /**
   * @return at least one
   */
  static Certificate[] certificates(Path file) throws IOException, GeneralSecurityException {
    byte[] text = Files.readAllBytes(file);
    Certificate[] found =
        CertificateFactory.getInstance("X.509")
            .generateCertificates(new ByteArrayInputStream(text))
            .toArray(Certificate[]::new);
    if (found.length == 0) {
      throw new GeneralSecurityException("no certificate in " + file);
    }
    return found;
  }

  static PrivateKey key(Path file) throws IOException, GeneralSecurityException {
    Matcher matcher = KEY.matcher(Files.readString(file, US_ASCII));
    if (!matcher.find()) {
      throw new GeneralSecurityException("no key in PKCS #8 without a password in " + file);
    }
    byte[] encoded = Base64.getMimeDecoder().decode(matcher.group(1));
    for (String algorithm : ALGORITHMS) {
      try {
        return KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(encoded));
      } catch (InvalidKeySpecException e) {
        // Of another algorithm.
      }
    }
    throw new GeneralSecurityException("key is none of " + ALGORITHMS + " in " + file);
  }
}
