package org.osprey.coordinator.nats;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.Base64;

/**
 * A certificate that is signed by itself, made by the JDK's keytool, with its key: as a key store,
 * as a trust store, and as PEM files.
 */
record Certificates(Path keyStore, Path trustStore, Path certFile, Path keyFile) {
  static final String PASSWORD = "changeit";
  private static final String ALIAS = "test";

  /**
   * @param names what it is for, such as {@code ip:127.0.0.1}
   */
  static Certificates create(Path directory, String name, String names) {
    Certificates made =
        new Certificates(
            directory.resolve(name + ".p12"),
            directory.resolve(name + "-trust.p12"),
            directory.resolve(name + ".crt"),
            directory.resolve(name + ".key"));
    keytool(
        "-genkeypair -alias %s -keyalg EC -dname CN=%s -ext san=%s -validity 2 -storetype PKCS12"
            .formatted(ALIAS, name, names),
        made.keyStore);
    try {
      made.writePem();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
    keytool(
        "-importcert -noprompt -alias ca -file %s -storetype PKCS12".formatted(made.certFile),
        made.trustStore);
    return made;
  }

  private void writePem() throws IOException, GeneralSecurityException {
    KeyStore store = KeyStore.getInstance(keyStore.toFile(), PASSWORD.toCharArray());
    write(certFile, "CERTIFICATE", store.getCertificate(ALIAS).getEncoded());
    write(keyFile, "PRIVATE KEY", store.getKey(ALIAS, PASSWORD.toCharArray()).getEncoded());
  }

  private static void write(Path file, String type, byte[] content) throws IOException {
    String text = Base64.getMimeEncoder().encodeToString(content);
    Files.writeString(
        file, "-----BEGIN %s-----\n%s\n-----END %s-----\n".formatted(type, text, type), US_ASCII);
  }

  private static void keytool(String arguments, Path store) {
    String tool = Path.of(System.getProperty("java.home"), "bin", "keytool").toString();
    String command = "%s %s -keystore %s -storepass %s".formatted(tool, arguments, store, PASSWORD);
    try {
      Process process =
          new ProcessBuilder(command.split(" ", -1)).redirectErrorStream(true).start();
      String output = new String(process.getInputStream().readAllBytes(), US_ASCII);
      if (process.waitFor() != 0) {
        throw new IllegalStateException(output);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }
}
