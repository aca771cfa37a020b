package org.osprey.coordinator.contract;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.osprey.coordinator.core.DeadLetter;
import org.osprey.coordinator.core.DeadLetter.Reason;
import org.osprey.coordinator.core.DispatcherSettings;
import org.osprey.coordinator.core.InMemoryDeadLetters;
import org.osprey.coordinator.core.InMemoryTracer;
import org.osprey.coordinator.core.Lane;
import org.osprey.coordinator.core.Lease;
import org.osprey.coordinator.core.Source;
import org.osprey.coordinator.core.Trace;

/** What every source promises. */
public interface SourceContract {
  /** Real servers on a busy machine take their time; a good run needs a fraction of it. */
  Duration PATIENCE = Duration.ofSeconds(40);

  /** Long enough for what must not happen to happen. */
  Duration QUIET = Duration.ofMillis(700);

  /** Until then, what is sent behind an action that is not due must have come. */
  Duration NOT_DUE = Duration.ofSeconds(10);

  int ROOMY = DispatcherSettings.DEFAULTS.async().actions();

  SourceRig rig() throws Exception;

  @Test
  default void ackedActionsDoNotComeBackAfterARestart() throws Exception {
    try (SourceRig rig = rig()) {
      InMemoryDeadLetters letters = new InMemoryDeadLetters();
      send(rig, 1, 30);
      try (Workers workers = new Workers(ROOMY, letters).connect();
          Source source = rig.source(letters)) {
        source.start(workers.dispatcher());
        awaitSeen(workers, 30);
        workers.ackAll();
      }
      send(rig, 31, 32);
      try (Workers workers = new Workers(ROOMY, letters).connect();
          Source source = rig.source(letters)) {
        source.start(workers.dispatcher());
        awaitSeen(workers, 2);
        stays(() -> workers.seen().size() == 2);
        assertEquals(Set.of(31L, 32L), new HashSet<>(workers.seen()));
        workers.ackAll();
      }
    }
  }

  @Test
  default void whatIsUnfinishedAtTheCloseComesBack() throws Exception {
    try (SourceRig rig = rig()) {
      InMemoryDeadLetters letters = new InMemoryDeadLetters();
      send(rig, 1, 10);
      try (Workers workers = new Workers(ROOMY, letters).connect();
          Source source = rig.source(letters)) {
        source.start(workers.dispatcher());
        awaitSeen(workers, 10);
        workers.take().stream().filter(lease -> lease.action().id() <= 4).forEach(workers::ack);
      }
      try (Workers workers = new Workers(ROOMY, letters).connect();
          Source source = rig.source(letters)) {
        source.start(workers.dispatcher());
        await()
            .atMost(PATIENCE)
            .until(() -> workers.seen().containsAll(List.of(5L, 6L, 7L, 8L, 9L, 10L)));
        stays(() -> workers.seen().stream().noneMatch(id -> id <= 4));
        workers.ackAll();
      }
    }
  }

  @Test
  default void theActionIsWhatTheMessageSays() throws Exception {
    try (SourceRig rig = rig();
        Workers workers = new Workers(ROOMY, new InMemoryDeadLetters()).connect();
        Source source = rig.source(new InMemoryDeadLetters())) {
      source.start(workers.dispatcher());
      Instant before = Instant.now().minusSeconds(60);
      String data = "{\"text\":\"zwölf \\u0000\",\"n\":1.50}";
      rig.send(
          ("{\"id\":\"18446744073709551615\",\"name\":\"user_login\",\"data\":"
                  + data
                  + ",\"secret_data\":{\"s\":1}}")
              .getBytes(UTF_8),
          "",
          Map.of());
      awaitSeen(workers, 1);
      Lease lease = workers.take().getFirst();
      assertEquals("18446744073709551615", lease.action().idText());
      assertEquals("user_login", lease.action().name());
      assertArrayEquals(data.getBytes(UTF_8), lease.action().payload());
      assertArrayEquals("{\"s\":1}".getBytes(UTF_8), lease.action().secret());
      assertTrue(lease.action().timestamp().isAfter(before), lease.action().timestamp()::toString);
      workers.ack(lease);
    }
  }

  @Test
  default void anActionGoesOnWithTheTraceItCameWith() throws Exception {
    String parent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
    try (SourceRig rig = rig();
        Workers workers = new Workers(ROOMY, new InMemoryDeadLetters()).connect();
        Source source = rig.source(new InMemoryDeadLetters())) {
      source.start(workers.dispatcher());
      rig.send(message(1), "", Map.of("traceparent", parent));
      awaitSeen(workers, 1);
      workers.ackAll();
      InMemoryTracer.Recorded trace = workers.traces().getFirst();
      assertEquals(1, trace.action().id());
      assertEquals(Lane.ASYNC, trace.lane());
      assertEquals(parent, trace.parent());
      Trace.Step.Accepted accepted = (Trace.Step.Accepted) trace.steps().getFirst();
      assertTrue(trace.receivedAt() - accepted.at() <= 0, trace.steps()::toString);
      assertInstanceOf(Trace.Step.Ended.class, trace.steps().getLast());
      send(rig, 2, 2);
      awaitSeen(workers, 2);
      assertNull(workers.traces().getLast().parent());
      workers.ackAll();
    }
  }

  @Test
  default void aNackedActionEndsInTheDeadLettersAndTheOthersFlow() throws Exception {
    InMemoryDeadLetters letters = new InMemoryDeadLetters();
    try (SourceRig rig = rig()) {
      send(rig, 1, 3);
      try (Workers workers = new Workers(ROOMY, letters).connect();
          Source source = rig.source(letters)) {
        source.start(workers.dispatcher());
        await()
            .atMost(PATIENCE)
            .until(
                () -> {
                  workers
                      .take()
                      .forEach(
                          lease -> {
                            if (lease.action().id() == 2) {
                              workers.nack(lease);
                            } else {
                              workers.ack(lease);
                            }
                          });
                  return workers.accepted() == 0 && letters.kept().size() == 1;
                });
        send(rig, 4, 4);
        awaitSeen(workers, 5);
        workers.ackAll();
      }
      DeadLetter letter = letters.kept().getFirst();
      assertEquals(Reason.NACKED, letter.reason());
      assertEquals(2, letter.nacks());
      assertNotEquals("", letter.origin());
      assertNotEquals("", letter.source());
      try (Workers workers = new Workers(ROOMY, letters).connect();
          Source source = rig.source(letters)) {
        source.start(workers.dispatcher());
        send(rig, 5, 5);
        awaitSeen(workers, 1);
        stays(() -> workers.seen().equals(List.of(5L)));
        workers.ackAll();
      }
    }
  }

  @Test
  default void whatIsNoActionBecomesADeadLetterAsItCame() throws Exception {
    InMemoryDeadLetters letters = new InMemoryDeadLetters();
    try (SourceRig rig = rig()) {
      byte[] noAction = {'{', 0, (byte) 0xff, (byte) 0xc3};
      try (Workers workers = new Workers(ROOMY, letters).connect();
          Source source = rig.source(letters)) {
        source.start(workers.dispatcher());
        rig.send(noAction, "", Map.of("trace", "abc"));
        rig.send("{}".getBytes(UTF_8), "", Map.of("encoding", "cobol"));
        send(rig, 1, 1);
        awaitSeen(workers, 1);
        workers.ackAll();
        await().atMost(PATIENCE).until(() -> letters.kept().size() == 2);
      }
      // What has no key may come in any order.
      List<DeadLetter> kept =
          letters.kept().stream()
              .sorted(Comparator.comparing(one -> one.error().contains("cobol")))
              .toList();
      DeadLetter letter = kept.getFirst();
      assertEquals(Reason.UNDECODABLE, letter.reason());
      assertNotEquals("", letter.origin());
      assertNotEquals("", letter.error());
      DeadLetter.Undecoded message = assertInstanceOf(DeadLetter.Undecoded.class, letter.content());
      assertArrayEquals(noAction, message.data());
      assertEquals("abc", message.attributes().get("trace"));
      assertTrue(kept.getLast().error().contains("cobol"), kept::toString);
      try (Workers workers = new Workers(ROOMY, letters).connect();
          Source source = rig.source(letters)) {
        source.start(workers.dispatcher());
        send(rig, 2, 2);
        awaitSeen(workers, 1);
        workers.ackAll();
      }
      assertEquals(2, letters.kept().size());
    }
  }

  @Test
  default void aFullQueueHoldsTheSourceBackAndLosesNothing() throws Exception {
    int room = 10;
    InMemoryDeadLetters letters = new InMemoryDeadLetters();
    try (SourceRig rig = rig();
        Workers workers = new Workers(room, letters);
        Source source = rig.source(letters)) {
      send(rig, 1, 100);
      source.start(workers.dispatcher());
      await().atMost(PATIENCE).until(() -> workers.accepted() == room);
      stays(() -> workers.accepted() == room);
      await().atMost(PATIENCE).until(() -> source.check().healthy());
      workers.connect();
      await()
          .atMost(PATIENCE)
          .until(
              () -> {
                workers.ackAll();
                return workers.seen().size() >= 100;
              });
      workers.ackAll();
      stays(() -> workers.seen().size() == 100);
      assertEquals(ids(1, 100), new HashSet<>(workers.seen()));
    }
  }

  @Test
  default void aPausedSourceOffersNothingUntilItGoesOn() throws Exception {
    InMemoryDeadLetters letters = new InMemoryDeadLetters();
    try (SourceRig rig = rig();
        Workers workers = new Workers(ROOMY, letters).connect();
        Source source = rig.source(letters)) {
      source.start(workers.dispatcher());
      send(rig, 1, 2);
      awaitSeen(workers, 2);
      source.setPaused(true);
      source.setPaused(true);
      settle(workers);
      int before = workers.seen().size();
      send(rig, 3, 20);
      stays(() -> workers.seen().size() == before);
      workers.ackAll();
      source.setPaused(false);
      await().atMost(PATIENCE).until(() -> new HashSet<>(workers.seen()).containsAll(ids(1, 20)));
      workers.ackAll();
    }
  }

  @Test
  default void actionsOfOneKeyGoOutOneAtATimeAndInOrder() throws Exception {
    InMemoryDeadLetters letters = new InMemoryDeadLetters();
    try (SourceRig rig = rig();
        Workers workers = new Workers(ROOMY, letters).connect();
        Source source = rig.source(letters)) {
      source.start(workers.dispatcher());
      for (long id = 1; id <= 5; id++) {
        rig.send(message(id), "key", Map.of());
      }
      send(rig, 100, 100);
      for (long id = 1; id <= 5; id++) {
        long expected = id;
        await().atMost(PATIENCE).until(() -> workers.seen().contains(expected));
        List<Long> keyed = workers.seen().stream().filter(seen -> seen < 100).toList();
        assertEquals(LongStream.rangeClosed(1, id).boxed().toList(), keyed);
        workers.ackAll();
      }
      await().atMost(PATIENCE).until(() -> workers.seen().contains(100L));
      workers.ackAll();
    }
  }

  @Test
  default void anActionThatIsNotDueWaitsAndTheOthersFlow() throws Exception {
    InMemoryDeadLetters letters = new InMemoryDeadLetters();
    try (SourceRig rig = rig();
        Workers workers = new Workers(ROOMY, letters).connect();
        Source source = rig.source(letters)) {
      source.start(workers.dispatcher());
      send(rig, 1, 1);
      awaitSeen(workers, 1);
      Instant due = Instant.now().plus(NOT_DUE);
      rig.send(message(2), "", Map.of("not-before", due.toString()));
      send(rig, 3, 3);
      awaitSeen(workers, 2);
      assertTrue(Instant.now().isBefore(due), "too slow to tell");
      assertEquals(List.of(1L, 3L), workers.seen());
      awaitSeen(workers, 3);
      assertFalse(Instant.now().isBefore(due));
      workers.ackAll();
    }
  }

  @Test
  default void aMissingOriginIsSaidAndEndsNothing() throws Exception {
    InMemoryDeadLetters letters = new InMemoryDeadLetters();
    try (SourceRig rig = rig();
        Workers workers = new Workers(ROOMY, letters);
        Source source = rig.misdirected(letters)) {
      source.start(workers.dispatcher());
      await()
          .atMost(PATIENCE)
          .until(
              () ->
                  !source.check().healthy()
                      && source.check().detail().contains(rig.misdirectedSetting()));
    }
  }

  @Test
  default void aSourceThatReadsIsHealthyAndClosesMoreThanOnce() throws Exception {
    InMemoryDeadLetters letters = new InMemoryDeadLetters();
    try (SourceRig rig = rig();
        Workers workers = new Workers(ROOMY, letters).connect();
        Source source = rig.source(letters)) {
      assertNotEquals("", source.check().component());
      source.start(workers.dispatcher());
      await().atMost(PATIENCE).until(() -> source.check().healthy());
      source.setPaused(true);
      Source same = source;
      same.close();
      same.close();
    }
  }

  @Test
  default void aSourceThatNeverStartedCloses() throws Exception {
    try (SourceRig rig = rig()) {
      rig.source(new InMemoryDeadLetters()).close();
    }
  }

  private static void send(SourceRig rig, long first, long last) {
    LongStream.rangeClosed(first, last).forEach(id -> rig.send(message(id), "", Map.of()));
  }

  private static byte[] message(long id) {
    return "{\"id\":\"%d\",\"name\":\"contract\",\"data\":{\"n\":%d}}"
        .formatted(id, id)
        .getBytes(UTF_8);
  }

  private static Set<Long> ids(long first, long last) {
    return new HashSet<>(LongStream.rangeClosed(first, last).boxed().toList());
  }

  private static void awaitSeen(Workers workers, int handOvers) {
    await().atMost(PATIENCE).until(() -> workers.seen().size() >= handOvers);
  }

  /** Waits until nothing more is handed over. */
  private static void settle(Workers workers) {
    int[] before = {-1};
    await()
        .atMost(PATIENCE)
        .pollInterval(QUIET)
        .until(
            () -> {
              int now = workers.seen().size();
              boolean quiet = now == before[0];
              before[0] = now;
              return quiet;
            });
  }

  private static void stays(java.util.concurrent.Callable<Boolean> fact) {
    await().during(QUIET).atMost(PATIENCE).until(fact);
  }
}
