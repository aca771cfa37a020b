package org.osprey.coordinator.etcd;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.Base64;
import java.util.concurrent.TimeUnit;

/**
 * A certificate of 127.0.0.1 that signed itself.
 *
 * @param cert PEM file
 * @param key PEM file, PKCS #8
 */
record TestCertificate(Path cert, Path key) {
  private static final String PASSWORD = "changeit";

  static TestCertificate create(Path folder, String name)
      throws IOException, InterruptedException, GeneralSecurityException {
    Path store = folder.resolve(name + ".p12");
    Process keytool =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-alias",
                name,
                "-keyalg",
                "RSA",
                "-dname",
                "CN=" + name,
                "-ext",
                "SAN=ip:127.0.0.1",
                "-storepass",
                PASSWORD,
                "-keystore",
                store.toString())
            .redirectErrorStream(true)
            .start();
    if (!keytool.waitFor(60, TimeUnit.SECONDS) || keytool.exitValue() != 0) {
      throw new IllegalStateException("keytool failed");
    }
    return new TestCertificate(
        pem(folder.resolve(name + ".cert.pem"), "CERTIFICATE", cert(store, name)),
        pem(folder.resolve(name + ".key.pem"), "PRIVATE KEY", key(store, name)));
  }

  private static byte[] cert(Path store, String name) throws IOException, GeneralSecurityException {
    return open(store).getCertificate(name).getEncoded();
  }

  private static byte[] key(Path store, String name) throws IOException, GeneralSecurityException {
    return open(store).getKey(name, PASSWORD.toCharArray()).getEncoded();
  }

  private static KeyStore open(Path store) throws IOException, GeneralSecurityException {
    KeyStore opened = KeyStore.getInstance("PKCS12");
    try (InputStream file = Files.newInputStream(store)) {
      opened.load(file, PASSWORD.toCharArray());
    }
    return opened;
  }

  private static Path pem(Path file, String label, byte[] content) throws IOException {
    String lines = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(content);
    String text = "-----BEGIN %s-----\n%s\n-----END %s-----\n".formatted(label, lines, label);
    return Files.writeString(file, text, US_ASCII);
  }
}
