package org.osprey.coordinator.pubsub;

import com.google.auth.http.HttpCredentialsAdapter;
import com.google.crypto.tink.Aead;
import java.time.Duration;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.osprey.coordinator.core.Backoff;
import org.osprey.coordinator.core.Outage;
import org.osprey.coordinator.core.Ticker;

/**
 * How encrypted messages are opened.
 *
 * @param decryption null when no key is configured
 * @param outage tells whether the key service is down
 */
record Decryptions(@Nullable Decryption decryption, Outage outage) {
  private static final Duration FIRST_REST = Duration.ofMillis(500);
  private static final Duration LONGEST_REST = Duration.ofSeconds(30);

  // Spelled out, because class files lose the annotation of a compact one.
  Decryptions(@Nullable Decryption decryption, Outage outage) {
    this.decryption = decryption;
    this.outage = outage;
  }

  /** No I/O before the first encrypted message. */
  static Decryptions of(PubsubSettings settings, RandomGenerator random, Ticker ticker) {
    Outage outage = new Outage("pubsub key service");
    String uri = settings.encryptionKeyUri();
    if (uri == null) {
      return new Decryptions(null, outage);
    }
    Credentials credentials = new Credentials(settings.serviceAccountFile());
    CloudKey key =
        new CloudKey(
            uri,
            null,
            settings.channelTimeout(),
            () -> new HttpCredentialsAdapter(credentials.load()));
    return new Decryptions(cachedAndGated(key, outage, random, ticker), outage);
  }

  static Decryption cachedAndGated(Aead key, Outage outage, RandomGenerator random, Ticker ticker) {
    KeyServiceGate gate =
        new KeyServiceGate(
            key, outage, new Backoff(FIRST_REST, LONGEST_REST, random::nextDouble), ticker);
    return new TinkEnvelope(new DataKeyCache(gate, ticker));
  }
}
