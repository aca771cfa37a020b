package org.osprey.coordinator.pubsub;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.crypto.tink.Aead;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.Base64;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.osprey.coordinator.codec.UndecodableException;

class TinkEnvelopeTest {
  private static final byte[] PLAINTEXT = Envelopes.bytes("plaintext");

  private final TinkEnvelope envelope = new TinkEnvelope(Envelopes.key());

  @ParameterizedTest
  @ValueSource(strings = {"aes128", "aes256", "base64"})
  void opensWhatTinkMade(String name) throws Exception {
    assertArrayEquals(PLAINTEXT, envelope.decrypt(Envelopes.bytes(name)));
  }

  @Test
  void refusesForeignAssociatedData() {
    String message = undecodable(Envelopes.bytes("wrongAssociatedData"));

    assertTrue(message.startsWith("cannot be decrypted: "), message);
  }

  @ParameterizedTest
  @ValueSource(strings = {"aes128", "aes256"})
  void refusesEveryTruncation(String name) {
    byte[] whole = Envelopes.bytes(name);
    for (int length = 0; length < whole.length; length++) {
      undecodable(Arrays.copyOf(whole, length));
    }
  }

  @Test
  void refusesEveryFlippedBit() {
    byte[] whole = Envelopes.bytes("aes256");
    for (int bit = 0; bit < whole.length * 8; bit++) {
      byte[] flipped = whole.clone();
      flipped[bit / 8] ^= (byte) (1 << bit % 8);
      undecodable(flipped);
    }
  }

  @Test
  void refusesNoise() {
    Random random = new Random(1);
    for (int i = 0; i < 10_000; i++) {
      byte[] noise = new byte[random.nextInt(200)];
      random.nextBytes(noise);
      if (noise.length > 4 && random.nextBoolean()) {
        // A length that may be true, so that the key is asked.
        noise[0] = 0;
        noise[1] = 0;
        noise[2] = 0;
      }
      undecodable(noise);
    }
  }

  @Test
  void refusesDataKeysThatAreNone() {
    Random random = new Random(2);
    TinkEnvelope anyKey = new TinkEnvelope(new FixedAnswer(bytes -> noise(random)));
    for (int i = 0; i < 10_000; i++) {
      assertThrows(UndecodableException.class, () -> anyKey.decrypt(Envelopes.bytes("aes256")));
    }
  }

  @Test
  void passesOnThatTheKeyServiceIsDown() {
    TinkEnvelope down =
        new TinkEnvelope(
            new FixedAnswer(
                bytes -> {
                  throw new KeyServiceException("down");
                }));

    assertThrows(KeyServiceException.class, () -> down.decrypt(Envelopes.bytes("aes256")));
  }

  @Test
  void theErrorHoldsNoContents() {
    byte[] bad = Envelopes.bytes("aes256");
    bad[bad.length - 1] ^= 1;

    assertFalse(undecodable(bad).contains("user_login"));
  }

  @Test
  void takesForBase64OnlyWhatIsNothingElse() {
    byte[] json = "{\"id\":\"1\"}".getBytes(UTF_8);
    assertArrayEquals(json, Base64Text.decodeOrKeep(json));
    assertArrayEquals(new byte[0], Base64Text.decodeOrKeep(new byte[0]));
    assertArrayEquals("abc".getBytes(UTF_8), Base64Text.decodeOrKeep("abc".getBytes(UTF_8)));
    assertArrayEquals(json, Base64Text.decodeOrKeep(Base64.getEncoder().encode(json)));
  }

  private String undecodable(byte[] bytes) {
    return String.valueOf(
        assertThrows(UndecodableException.class, () -> envelope.decrypt(bytes)).getMessage());
  }

  private static byte[] noise(Random random) {
    byte[] noise = new byte[random.nextInt(60)];
    random.nextBytes(noise);
    return noise;
  }

  private interface Answer {
    byte[] to(byte[] encrypted) throws GeneralSecurityException;
  }

  private record FixedAnswer(Answer answer) implements Aead {
    @Override
    public byte[] decrypt(byte[] encrypted, byte[] associatedData) throws GeneralSecurityException {
      return answer.to(encrypted);
    }

    @Override
    public byte[] encrypt(byte[] plaintext, byte[] associatedData) {
      throw new UnsupportedOperationException();
    }
  }
}
