package org.osprey.coordinator.pubsub;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.crypto.tink.Aead;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.osprey.coordinator.codec.ActionDecoder;
import org.osprey.coordinator.codec.ActionNumbers;
import org.osprey.coordinator.contract.Workers;
import org.osprey.coordinator.core.CountingIds;
import org.osprey.coordinator.core.DeadLetter;
import org.osprey.coordinator.core.DeadLetters;
import org.osprey.coordinator.core.InMemoryDeadLetters;
import org.osprey.coordinator.core.Lease;
import org.osprey.coordinator.core.Outage;
import org.osprey.coordinator.core.SourceProgress;
import org.osprey.coordinator.core.Ticker;

/** What is special about Pub/Sub. */
class PubsubSourceTest {
  private static final Duration PATIENCE = Duration.ofSeconds(40);
  private static final Duration DEADLINE = Duration.ofSeconds(10);
  private static final Map<String, String> ENCRYPTED = Map.of("encrypted", "true");

  private final PubsubEmulator emulator = PubsubEmulator.get();
  private final TestPubsub pubsub = new TestPubsub(emulator, DEADLINE);
  private final InMemoryDeadLetters letters = new InMemoryDeadLetters();
  private final Workers workers = new Workers(1000, letters).connect();

  @AfterEach
  void close() {
    workers.close();
    pubsub.close();
  }

  @Test
  void encryptedMessagesAreOpenedAndBadOnesAreDeadLetters() {
    byte[] bad = Envelopes.bytes("aes256");
    bad[bad.length - 1] ^= 1;
    try (PubsubSource source = source(letters, opening(Envelopes.key()))) {
      source.start(workers.dispatcher());
      pubsub.send(Envelopes.bytes("aes128"), "", ENCRYPTED);
      pubsub.send(bad, "", ENCRYPTED);
      await().atMost(PATIENCE).until(() -> workers.seen().size() == 1);
      Lease lease = workers.take().getFirst();
      assertArrayEquals("{\"n\":7}".getBytes(UTF_8), lease.action().payload());
      assertTrue(source.progress().oldestUnfinished().isPositive());
      workers.ack(lease);
      // The second may come after the first is done.
      SourceProgress done = new SourceProgress(2, 1, 0, 0, 0, null, Duration.ZERO);
      await().atMost(PATIENCE).untilAsserted(() -> assertEquals(done, source.progress()));

      DeadLetter letter = letters.kept().getFirst();
      assertTrue(letter.error().startsWith("cannot be decrypted"), letter::toString);
      assertTrue(letter.origin().startsWith("subscription=" + pubsub.subscription()));
      assertArrayEquals(bad, ((DeadLetter.Undecoded) letter.content()).data());
    }
  }

  @Test
  void anEncryptedMessageWithoutAKeyNamesTheSetting() {
    try (PubsubSource source = source(letters, new Decryptions(null, new Outage("key")))) {
      source.start(workers.dispatcher());
      pubsub.send(Envelopes.bytes("aes128"), "", ENCRYPTED);
      await().atMost(PATIENCE).until(() -> letters.kept().size() == 1);

      String error = letters.kept().getFirst().error();
      assertTrue(error.contains("pubsub.encryptionKeyUri"), error);
    }
  }

  @Test
  void whileTheKeyServiceIsDownMessagesComeAgainAndTheOthersFlow() {
    Outage outage = new Outage("key service");
    try (FakeKeyService service = new FakeKeyService();
        PubsubSource source = source(letters, asking(service, outage))) {
      service.mood = FakeKeyService.Mood.DOWN;
      source.start(workers.dispatcher());
      pubsub.send(Envelopes.bytes("aes128"), "", ENCRYPTED);
      pubsub.sendIds(1, 2);
      await().atMost(PATIENCE).until(() -> workers.seen().contains(1L));
      await()
          .atMost(PATIENCE)
          .until(() -> source.check().detail().contains("pubsub.encryptionKeyUri"));
      service.mood = FakeKeyService.Mood.WELL;
      await().atMost(PATIENCE).until(() -> workers.seen().contains(7L));
      workers.ackAll();

      await().atMost(PATIENCE).until(() -> source.check().healthy());
      assertEquals(0, letters.kept().size());
    }
  }

  @Test
  void aDeadLetterThatCannotBeStoredIsTriedAgain() {
    AtomicInteger tries = new AtomicInteger();
    DeadLetters failingOnce =
        letter -> tries.incrementAndGet() == 1 ? failed() : letters.put(letter);
    try (PubsubSource source = source(failingOnce, opening(Envelopes.key()))) {
      source.start(workers.dispatcher());
      pubsub.send("no action".getBytes(UTF_8), "", Map.of());
      await().atMost(PATIENCE).until(() -> letters.kept().size() == 1);

      assertEquals(2, tries.get());
    }
  }

  /** The library lets go of the lease; the subscription delivers again while we are at it. */
  @Test
  void aMessageThatOutlivesItsLongestLeaseIsOfferedOnce() {
    PubsubSettings settings =
        settings(emulator.host()).minLeaseExtension(DEADLINE).maxLeaseExtension(DEADLINE).build();
    try (PubsubSource source = source(settings, letters, opening(Envelopes.key()))) {
      source.start(workers.dispatcher());
      pubsub.sendIds(1, 2);
      await().atMost(PATIENCE).until(() -> source.stats().repeats() == 1);
      assertEquals(1, workers.seen().size());
      workers.ackAll();
      await().atMost(PATIENCE).until(() -> source.stats().held() == 0);
    }
  }

  @Test
  void aSubscriptionThatIsDeletedIsMissedAndFoundAgain() {
    try (PubsubSource source = source(letters, opening(Envelopes.key()))) {
      source.start(workers.dispatcher());
      pubsub.sendIds(1, 2);
      await().atMost(PATIENCE).until(() -> workers.seen().size() == 1);
      pubsub.deleteSubscription();
      await()
          .atMost(PATIENCE)
          .until(() -> source.check().detail().contains("pubsub.subscription="));
      pubsub.createSubscription(DEADLINE);
      pubsub.sendIds(2, 3);
      await().atMost(PATIENCE).until(() -> workers.seen().contains(2L));
      workers.ackAll();
      await().atMost(PATIENCE).until(() -> source.check().healthy());
    }
  }

  @Test
  void aMissingServiceAccountFileIsNamed() {
    PubsubSettings settings =
        PubsubSettings.builder(TestPubsub.PROJECT, "actions")
            .serviceAccountFile(Path.of("/nowhere/key.json"))
            .build();
    try (PubsubSource source = source(settings, letters, opening(Envelopes.key()))) {
      source.start(workers.dispatcher());
      await()
          .atMost(PATIENCE)
          .until(
              () ->
                  source.check().detail().contains("pubsub.serviceAccountFile=/nowhere/key.json"));
    }
  }

  @Test
  void aServiceThatIsAwayIsNamed() {
    try (PubsubSource source =
        source(
            settings("127.0.0.1:1").channelTimeout(Duration.ofMillis(200)).build(),
            letters,
            opening(Envelopes.key()))) {
      source.start(workers.dispatcher());
      await()
          .atMost(PATIENCE)
          .until(() -> source.check().detail().contains("pubsub.emulatorHost=127.0.0.1:1"));
    }
  }

  private static CompletionStage<Void> failed() {
    return CompletableFuture.failedStage(new IllegalStateException("store is down"));
  }

  private static Decryptions opening(Aead key) {
    return new Decryptions(new TinkEnvelope(key), new Outage("key service"));
  }

  private static Decryptions asking(FakeKeyService service, Outage outage) {
    CloudKey key =
        new CloudKey(
            "gcp-kms://" + FakeKeyService.KEY,
            service.url(),
            Duration.ofSeconds(5),
            () -> request -> {});
    return new Decryptions(
        Decryptions.cachedAndGated(key, outage, new Random(1), Ticker.system()), outage);
  }

  private PubsubSource source(DeadLetters deadLetters, Decryptions decryptions) {
    return source(settings(emulator.host()).build(), deadLetters, decryptions);
  }

  private PubsubSettings.Builder settings(String host) {
    return PubsubSettings.builder(TestPubsub.PROJECT, pubsub.subscription()).emulatorHost(host);
  }

  private static PubsubSource source(
      PubsubSettings settings, DeadLetters deadLetters, Decryptions decryptions) {
    return new PubsubSource(
        settings,
        new ActionDecoder(new CountingIds(), ActionNumbers.BUILT_IN),
        deadLetters,
        decryptions,
        new Random(1),
        Ticker.system());
  }
}
