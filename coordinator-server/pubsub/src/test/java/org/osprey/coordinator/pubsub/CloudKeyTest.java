package org.osprey.coordinator.pubsub;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeout;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.osprey.coordinator.codec.UndecodableException;
import org.osprey.coordinator.core.ManualTicker;
import org.osprey.coordinator.core.Outage;
import org.osprey.coordinator.pubsub.FakeKeyService.Mood;

/** The whole way to a plaintext, with Tink's own client and a key service over HTTP. */
class CloudKeyTest {
  private static final String URI = "gcp-kms://" + FakeKeyService.KEY;
  private static final byte[] ENVELOPE = Envelopes.bytes("aes256");

  private final FakeKeyService service = new FakeKeyService();
  private final ManualTicker ticker = new ManualTicker();
  private final Outage outage = new Outage("test");
  private final Decryption decryption = decryption(Duration.ofMinutes(1));

  @AfterEach
  void close() {
    service.close();
  }

  @Test
  void opensAnEnvelopeAndAsksOnceForItsKey() throws Exception {
    for (int i = 0; i < 3; i++) {
      assertArrayEquals(Envelopes.bytes("plaintext"), decryption.decrypt(ENVELOPE));
    }
    assertEquals(1, service.calls.get());

    ticker.advance(Duration.ofMinutes(5));
    assertArrayEquals(Envelopes.bytes("plaintext"), decryption.decrypt(ENVELOPE));
    assertEquals(2, service.calls.get());
  }

  @Test
  void aDataKeyThatNoKeyMadeIsTheMessagesFault() {
    byte[] bad = ENVELOPE.clone();
    bad[10] ^= 1;

    assertThrows(UndecodableException.class, () -> decryption.decrypt(bad));
    assertNull(outage.trouble());
  }

  @Test
  void aServiceThatIsDownRestsAndRecovers() throws Exception {
    service.mood = Mood.DOWN;
    assertThrows(KeyServiceException.class, () -> decryption.decrypt(ENVELOPE));
    assertThrows(KeyServiceException.class, () -> decryption.decrypt(ENVELOPE));
    assertEquals(1, service.calls.get());
    assertTrouble("pubsub.encryptionKeyUri=" + URI);

    service.mood = Mood.WELL;
    ticker.advance(Duration.ofSeconds(1));
    assertArrayEquals(Envelopes.bytes("plaintext"), decryption.decrypt(ENVELOPE));
    assertNull(outage.trouble());
  }

  @Test
  void aKeyThatIsNotOursToUseIsNotTheMessagesFault() {
    service.mood = Mood.FORBIDDEN;
    assertThrows(KeyServiceException.class, () -> decryption.decrypt(ENVELOPE));
    assertTrouble("403 PERMISSION_DENIED");

    ticker.advance(Duration.ofSeconds(1));
    service.mood = Mood.KEY_DISABLED;
    assertThrows(KeyServiceException.class, () -> decryption.decrypt(ENVELOPE));
    assertTrouble("400 FAILED_PRECONDITION");
  }

  @Test
  void aServiceThatSaysNothingIsWaitedForABoundedTime() {
    service.mood = Mood.SILENT;
    Decryption hasty = decryption(Duration.ofMillis(500));

    assertTimeout(
        Duration.ofSeconds(15),
        () -> assertThrows(KeyServiceException.class, () -> hasty.decrypt(ENVELOPE)));
    assertTrouble("does not answer");
  }

  @Test
  void credentialsThatAreMissingAreTold() {
    Decryption without =
        Decryptions.cachedAndGated(
            new CloudKey(
                URI,
                service.url(),
                Duration.ofSeconds(1),
                () -> {
                  throw new IOException("pubsub.serviceAccountFile=/nowhere: no such file");
                }),
            outage,
            new Random(1),
            ticker);

    assertThrows(KeyServiceException.class, () -> without.decrypt(ENVELOPE));
    assertTrouble("pubsub.serviceAccountFile=/nowhere");
  }

  /**
   * @param timeout of each question to the service
   */
  private Decryption decryption(Duration timeout) {
    return Decryptions.cachedAndGated(
        new CloudKey(URI, service.url(), timeout, () -> request -> {}),
        outage,
        new Random(1),
        ticker);
  }

  private void assertTrouble(String part) {
    String trouble = outage.trouble();
    assertNotNull(trouble);
    assertTrue(trouble.contains(part), trouble);
  }
}
