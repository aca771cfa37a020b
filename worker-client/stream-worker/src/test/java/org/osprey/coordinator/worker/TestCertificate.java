package org.osprey.coordinator.worker;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.grpc.netty.GrpcSslContexts;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.Base64;

/**
 * A certificate and the authority that signed it.
 *
 * @param chain PEM file
 * @param key PEM file, PKCS #8
 * @param ca PEM file
 */
record TestCertificate(Path chain, Path key, Path ca) {
  private static final String PASSWORD = "changeit";

  /**
   * @param names what it is for, such as {@code ip:127.0.0.1}
   * @param more options of keytool
   */
  static TestCertificate create(Path folder, String name, String names, String... more)
      throws IOException, InterruptedException, GeneralSecurityException {
    Path store = folder.resolve(name + ".p12");
    keytool(store, "-alias ca -dname CN=Authority-of-" + name + " -ext bc:c");
    keytool(
        store,
        "-alias a -signer ca -dname CN=%s -ext san=%s %s"
            .formatted(name, names, String.join(" ", more)));
    KeyStore made = KeyStore.getInstance(store.toFile(), PASSWORD.toCharArray());
    byte[] key = made.getKey("a", PASSWORD.toCharArray()).getEncoded();
    return new TestCertificate(
        pem(folder.resolve(name + ".crt"), "CERTIFICATE", made.getCertificate("a").getEncoded()),
        pem(folder.resolve(name + ".key"), "PRIVATE KEY", key),
        pem(folder.resolve(name + ".ca"), "CERTIFICATE", made.getCertificate("ca").getEncoded()));
  }

  SslContextBuilder server() {
    return GrpcSslContexts.configure(
        SslContextBuilder.forServer(chain.toFile(), key.toFile()), SslProvider.JDK);
  }

  private static void keytool(Path store, String options) throws IOException, InterruptedException {
    String tool = Path.of(System.getProperty("java.home"), "bin", "keytool").toString();
    String command =
        "%s -genkeypair -keyalg EC -storepass %s -keystore %s %s"
            .formatted(tool, PASSWORD, store, options);
    Process process =
        new ProcessBuilder(command.strip().split(" ", -1)).redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes(), US_ASCII);
    if (process.waitFor() != 0) {
      throw new IllegalStateException(output);
    }
  }

  private static Path pem(Path file, String type, byte[] content) throws IOException {
    String text = Base64.getMimeEncoder().encodeToString(content);
    return Files.writeString(
        file, "-----BEGIN %s-----\n%s\n-----END %s-----\n".formatted(type, text, type), US_ASCII);
  }
}
