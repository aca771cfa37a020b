package org.osprey.coordinator.pubsub;

import static java.util.Objects.requireNonNull;

import com.google.crypto.tink.Aead;
import com.google.crypto.tink.subtle.AesGcmJce;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.security.GeneralSecurityException;
import java.util.HexFormat;
import java.util.Properties;

/** Envelopes that Tink made, and the key for them. */
final class Envelopes {
  private static final Properties HEX = load();

  private Envelopes() {}

  static byte[] bytes(String name) {
    return HexFormat.of().parseHex(requireNonNull(HEX.getProperty(name), name));
  }

  static Aead key() {
    try {
      return new AesGcmJce(bytes("key"));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private static Properties load() {
    try (InputStream file =
        requireNonNull(Envelopes.class.getResourceAsStream("/envelopes.properties"))) {
      Properties properties = new Properties();
      properties.load(file);
      return properties;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
