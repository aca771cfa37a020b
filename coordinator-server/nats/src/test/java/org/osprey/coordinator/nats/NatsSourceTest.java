package org.osprey.coordinator.nats;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.nats.client.api.AckPolicy;
import io.nats.client.api.ConsumerConfiguration;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.osprey.coordinator.contract.Workers;
import org.osprey.coordinator.core.Action;
import org.osprey.coordinator.core.DeadLetter;
import org.osprey.coordinator.core.DeadLetters;
import org.osprey.coordinator.core.InMemoryDeadLetters;
import org.osprey.coordinator.core.Lease;
import org.osprey.coordinator.core.SourceProgress;
import org.osprey.coordinator.nats.NatsSourceSettings.Limits;

/** What the contract does not say, because it is about JetStream. */
class NatsSourceTest {
  private static final Duration PATIENCE = Duration.ofMinutes(1);

  private final TestNats nats = new TestNats(NatsServer.shared().url());
  private final Connected connected = Connected.to(NatsServer.shared().url());
  private final InMemoryDeadLetters letters = new InMemoryDeadLetters();
  private final Workers workers = new Workers(10_000, letters).connect();
  private final String stream = TestNats.newName();

  @AfterEach
  void close() {
    workers.close();
    connected.close();
    nats.close();
  }

  @Test
  void aMessageThatIsHeldLongerThanTheAckWaitIsDeliveredOnce() {
    nats.createStream(stream);
    nats.publishIds(stream + ".in", 1, 3);
    Duration ackWait = Duration.ofMillis(600);
    try (NatsSource source = source(settings().ackWait(ackWait).build())) {
      awaitSeen(3);
      await()
          .atMost(PATIENCE)
          .during(ackWait.multipliedBy(4))
          .until(() -> workers.seen().size() == 3);
      assertEquals(0, nats.consumer(stream, durable()).getRedelivered());
      assertEquals(0, source.stats().redelivered());
      assertTrue(source.stats().inProgressSent() >= 9, source.stats()::toString);
      assertEquals(3L, source.progress().lag());
      assertTrue(source.progress().oldestUnfinished().compareTo(ackWait) > 0);

      workers.ackAll();
      awaitNothingPending();
      assertEquals(0, source.stats().inFlight());
      assertEquals(0, source.stats().inFlightBytes());
      assertEquals(3, source.stats().consumed());
      assertEquals(0, source.stats().undecodable());
      assertEquals(0, source.stats().postponed());
      assertEquals(new SourceProgress(3, 0, 0, 0, 0, 0L, Duration.ZERO), source.progress());
    }
  }

  @Test
  void poisonThatCannotBeStoredComesAgainUntilItIs() {
    nats.createStream(stream);
    AtomicInteger tries = new AtomicInteger();
    DeadLetters failingTwice =
        letter ->
            switch (tries.incrementAndGet()) {
              case 1 -> CompletableFuture.failedStage(new IllegalStateException("full"));
              case 2 -> throw new IllegalStateException("closed");
              default -> letters.put(letter);
            };
    try (NatsSource source = connected.source(settings().build(), failingTwice)) {
      source.start(workers.dispatcher());
      nats.publish(stream + ".in", "no action");
      await().atMost(PATIENCE).until(() -> letters.kept().size() == 1);
      awaitNothingPending();
      assertEquals(3, tries.get());
      assertEquals(2, source.stats().redelivered());
      assertEquals(3, source.stats().undecodable());
      DeadLetter letter = letters.kept().getFirst();
      assertEquals("stream=" + stream + " seq=1 subject=" + stream + ".in", letter.origin());
      assertEquals("nats", letter.source());
    }
  }

  @Test
  void aMissingStreamIsSaidAndWaitedFor() {
    try (NatsSource source = source(settings().build())) {
      await()
          .atMost(PATIENCE)
          .until(() -> source.check().detail().contains("nats.stream=" + stream));
      assertFalse(source.check().healthy());

      nats.createStream(stream);
      nats.publishIds(stream + ".in", 1, 1);
      awaitSeen(1);
      await().atMost(PATIENCE).until(() -> source.check().healthy());
      workers.ackAll();
    }
  }

  @Test
  void subjectsWithANameCarryBareJson() {
    nats.createStream(stream);
    Map<String, String> names =
        Map.of(stream + ".login.*", "user_login", stream + ".login.admin", "admin_login");
    try (NatsSource source = source(settings().actionNames(names).build())) {
      byte[] json = "{\"name\":\"ignored\", \"n\" : 1.0}".getBytes(UTF_8);
      nats.publish(stream + ".login.web", json, Map.of("action-id", "18446744073709551615"));
      nats.publish(stream + ".login.admin", "{}");
      nats.publish(stream + ".other", TestNats.envelope(5));
      awaitSeen(3);
      Map<String, Action> byName =
          workers.take().stream()
              .peek(workers::ack)
              .map(Lease::action)
              .collect(Collectors.toMap(Action::name, action -> action));
      assertEquals(Set.of("user_login", "admin_login", "test"), byName.keySet());
      Action login = Objects.requireNonNull(byName.get("user_login"));
      assertArrayEquals(json, login.payload());
      assertEquals("18446744073709551615", login.idText());

      nats.publish(stream + ".login.web", "{\"n\":");
      nats.publish(stream + ".login.web", "[]");
      nats.publish(stream + ".login.web", json, Map.of("action-id", "+7"));
      nats.publish(stream + ".login.web", json, Map.of("not-before", "tomorrow"));
      await().atMost(PATIENCE).until(() -> letters.kept().size() == 4);
      assertTrue(letters.kept().get(2).error().contains("action-id"), letters.kept()::toString);
      assertTrue(letters.kept().get(3).error().contains("not-before"), letters.kept()::toString);
      assertEquals(4, source.stats().undecodable());
    }
  }

  @Test
  void onlyTheSubjectsOfTheSettingsAreRead() {
    nats.createStream(stream);
    nats.publishIds(stream + ".other", 1, 5);
    nats.publishIds(stream + ".in.a", 6, 7);
    try (NatsSource source = source(settings().subjects(stream + ".in.>").build())) {
      awaitSeen(2);
      workers.ackAll();
      assertEquals(List.of(6L, 7L), workers.seen());
      assertEquals(2, source.stats().consumed());
    }
  }

  @Test
  void severalSubjectsNeedANewerServer() {
    nats.createStream(stream);
    try (NatsSource source = source(settings().subjects(stream + ".a", stream + ".b").build())) {
      await().atMost(PATIENCE).until(() -> source.check().detail().contains("nats.subjects="));
      assertTrue(source.check().detail().contains("2.10"), source.check()::toString);
    }
  }

  @Test
  void aConsumerThatDoesNotFitIsRefused() {
    nats.createStream(stream);
    assertRefused(consumer().ackPolicy(AckPolicy.None), "ack policy");
    assertRefused(consumer().ackPolicy(AckPolicy.Explicit).maxDeliver(5), "max_deliver=5");
    assertRefused(
        consumer().ackPolicy(AckPolicy.Explicit).filterSubject(stream + ".x"), "nats.subjects=");
  }

  @Test
  void aConsumerThatMustNotBeMadeIsWaitedFor() {
    nats.createStream(stream);
    nats.publishIds(stream + ".in", 1, 1);
    try (NatsSource source = source(settings().createConsumer(false).build())) {
      await().atMost(PATIENCE).until(() -> source.check().detail().contains("nats.durable="));
      nats.createConsumer(stream, consumer().ackPolicy(AckPolicy.Explicit).build());
      awaitSeen(1);
      workers.ackAll();
    }
  }

  @Test
  void closingGivesBackWhatIsHeldAtOnce() {
    nats.createStream(stream);
    nats.publishIds(stream + ".in", 1, 20);
    Duration ackWait = Duration.ofMinutes(5);
    try (NatsSource first = source(settings().ackWait(ackWait).build())) {
      awaitSeen(20);
      assertEquals(20, first.stats().inFlight());
    }
    try (Workers others = new Workers(1000, letters).connect();
        NatsSource second = connected.source(settings().ackWait(ackWait).build(), letters)) {
      second.start(others.dispatcher());
      await().atMost(PATIENCE).until(() -> others.seen().size() == 20);
      others.ackAll();
      awaitNothingPending();
      assertEquals(20, second.stats().redelivered());
    }
  }

  @Test
  void noMoreIsTakenThanMayBeInFlight() {
    nats.createStream(stream);
    nats.publishIds(stream + ".in", 1, 200);
    Limits limits = new Limits(20, 64L << 20, 7, Duration.ofMillis(100));
    try (NatsSource source = source(settings().limits(limits).build())) {
      await().atMost(PATIENCE).until(() -> workers.accepted() >= 19);
      await()
          .during(Duration.ofMillis(500))
          .atMost(PATIENCE)
          .until(() -> workers.accepted() <= 20 && source.stats().inFlight() <= 20);
      ackUntil(200);
      assertEquals(200, workers.seen().size());
      assertEquals(0, source.stats().redelivered());
    }
  }

  @Test
  void theirBytesAreBoundedToo() {
    nats.createStream(stream);
    String text = "x".repeat(500_000);
    for (int id = 1; id <= 12; id++) {
      nats.publish(
          stream + ".in",
          "{\"id\":\"%d\",\"name\":\"large\",\"data\":{\"text\":\"%s\"}}".formatted(id, text));
    }
    Limits limits = new Limits(1000, 1_000_000, 500, Duration.ofMillis(100));
    try (NatsSource source = source(settings().limits(limits).build())) {
      awaitSeen(1);
      // One request may be as large as two of the server's largest messages.
      await()
          .during(Duration.ofMillis(500))
          .atMost(PATIENCE)
          .until(() -> source.stats().inFlightBytes() <= 1_000_000 + (2 << 20));
      assertTrue(workers.seen().size() < 12, workers.seen()::toString);
      ackUntil(12);
    }
  }

  @Test
  void whatIsNotDueForLongTakesNoRoom() {
    nats.createStream(stream);
    String later = Instant.now().plusSeconds(3600).toString();
    try (NatsSource source = source(settings().ackWait(Duration.ofSeconds(3)).build())) {
      nats.publish(
          stream + ".in", TestNats.envelope(1).getBytes(UTF_8), Map.of("not-before", later));
      nats.publishIds(stream + ".in", 2, 2);
      awaitSeen(1);
      workers.ackAll();
      await().atMost(PATIENCE).until(() -> source.stats().inFlight() == 0);
      assertEquals(1, source.stats().postponed());
      await()
          .during(Duration.ofSeconds(4))
          .atMost(PATIENCE)
          .until(() -> source.stats().redelivered() == 0);
      assertEquals(1, nats.consumer(stream, durable()).getNumAckPending());
    }
  }

  @Test
  void whatIsDueSoonerComesInTime() {
    nats.createStream(stream);
    Instant due = Instant.now().plusSeconds(3);
    try (NatsSource source = source(settings().ackWait(Duration.ofSeconds(1)).build())) {
      nats.publish(
          stream + ".in",
          TestNats.envelope(1).getBytes(UTF_8),
          Map.of("not-before", due.toString()));
      awaitSeen(1);
      assertFalse(Instant.now().isBefore(due));
      workers.ackAll();
      awaitNothingPending();
      assertTrue(source.stats().postponed() >= 1, source.stats()::toString);
    }
  }

  @Test
  void sourcesThatShareAConsumerShareTheWork() {
    nats.createStream(stream);
    Limits limits = new Limits(50, 64L << 20, 10, Duration.ofMillis(100));
    try (Connected other = Connected.to(NatsServer.shared().url());
        NatsSource first = source(settings().limits(limits).build());
        NatsSource second = other.source(settings().limits(limits).build(), letters)) {
      second.start(workers.dispatcher());
      nats.publishIds(stream + ".in", 1, 500);
      ackUntil(500);
      assertEquals(500, workers.seen().size());
      assertEquals(500, first.stats().consumed() + second.stats().consumed());
    }
  }

  @Test
  void aPausedSourceLeavesMessagesToOthers() {
    nats.createStream(stream);
    try (Connected other = Connected.to(NatsServer.shared().url());
        NatsSource paused = source(settings().build());
        NatsSource second = other.source(settings().build(), letters)) {
      await().atMost(PATIENCE).until(() -> paused.stats().pulling());
      paused.setPaused(true);
      await().atMost(PATIENCE).until(() -> !paused.stats().pulling());
      second.start(workers.dispatcher());
      nats.publishIds(stream + ".in", 1, 50);
      ackUntil(50);
      assertEquals(50, second.stats().consumed());
    }
  }

  @Test
  void aConsumerThatIsDeletedIsMadeAnewWhereItWas() {
    nats.createStream(stream);
    nats.publishIds(stream + ".in", 1, 100);
    try (NatsSource source = source(settings().build())) {
      ackUntil(100);
      await().atMost(PATIENCE).until(() -> nats.consumer(stream, durable()).getAckFloor() != null);
      nats.deleteConsumer(stream, durable());
      nats.publishIds(stream + ".in", 101, 110);
      ackUntil(110);
      awaitNothingPending();
      // What came again was known to be finished, or not sent at all.
      assertEquals(110, workers.seen().size());
      assertTrue(source.check().healthy(), source.check()::toString);
    }
  }

  @Test
  void aStreamThatIsMadeAnewIsReadFromItsStart() {
    nats.createStream(stream);
    nats.publishIds(stream + ".in", 1, 10);
    try (NatsSource source = source(settings().build())) {
      ackUntil(10);
      nats.deleteStream(stream);
      await().atMost(PATIENCE).until(() -> !source.check().healthy());
      nats.createStream(stream);
      nats.publishIds(stream + ".in", 11, 20);
      ackUntil(20);
    }
  }

  private void assertRefused(ConsumerConfiguration.Builder found, String why) {
    nats.createConsumer(stream, found.build());
    try (NatsSource source = source(settings().build())) {
      await().atMost(PATIENCE).until(() -> source.check().detail().contains(why));
      assertTrue(source.check().detail().contains("nats.durable="), source.check()::toString);
      assertFalse(source.check().healthy());
    }
    nats.deleteConsumer(stream, durable());
  }

  private NatsSourceSettings.Builder settings() {
    return NatsSourceSettings.builder(stream).closeTimeout(Duration.ofSeconds(3));
  }

  private NatsSource source(NatsSourceSettings settings) {
    NatsSource source = connected.source(settings, letters);
    source.start(workers.dispatcher());
    return source;
  }

  private static String durable() {
    return NatsSourceSettings.DEFAULT_DURABLE;
  }

  private static ConsumerConfiguration.Builder consumer() {
    return ConsumerConfiguration.builder().durable(durable());
  }

  private void awaitSeen(int handOvers) {
    await().atMost(PATIENCE).until(() -> workers.seen().size() >= handOvers);
  }

  private void awaitNothingPending() {
    await().atMost(PATIENCE).until(() -> nats.consumer(stream, durable()).getNumAckPending() == 0);
  }

  private void ackUntil(int ids) {
    Set<Long> wanted = new HashSet<>(LongStream.rangeClosed(1, ids).boxed().toList());
    await()
        .atMost(PATIENCE)
        .until(
            () -> {
              workers.ackAll();
              return new HashSet<>(workers.seen()).equals(wanted);
            });
    workers.ackAll();
  }
}
