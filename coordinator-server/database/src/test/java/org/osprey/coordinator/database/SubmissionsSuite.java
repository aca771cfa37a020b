package org.osprey.coordinator.database;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.osprey.coordinator.database.TestDatabase.done;
import static org.osprey.coordinator.database.TestDatabase.failure;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.osprey.coordinator.contract.SourceContract;
import org.osprey.coordinator.contract.Workers;
import org.osprey.coordinator.core.Action;
import org.osprey.coordinator.core.DeadLetter;
import org.osprey.coordinator.core.InMemoryDeadLetters;
import org.osprey.coordinator.core.InMemoryTracer;
import org.osprey.coordinator.core.Lane;
import org.osprey.coordinator.core.Source;
import org.osprey.coordinator.core.Submissions;
import org.osprey.coordinator.core.Submissions.RefusedException;
import org.osprey.coordinator.core.Submissions.RefusedException.Reason;
import org.osprey.coordinator.core.Trace;

/** What the table of submissions promises beyond the contract of every source. */
interface SubmissionsSuite extends SourceContract {

  @Override
  SubmissionsRig rig();

  /** A row has no ordering key: HTTP has no place for one. */
  @Override
  default void actionsOfOneKeyGoOutOneAtATimeAndInOrder() {}

  /** What is no action is refused before it is stored. */
  @Override
  default void whatIsNoActionBecomesADeadLetterAsItCame() {}

  /** A row keeps no headers, so its trace begins when it is read. */
  @Test
  @Override
  default void anActionGoesOnWithTheTraceItCameWith() throws Exception {
    try (SubmissionsRig rig = rig();
        Workers workers = new Workers(ROOMY, new InMemoryDeadLetters()).connect();
        Source source = rig.source(new InMemoryDeadLetters())) {
      source.start(workers.dispatcher());
      rig.send("{\"id\":\"1\",\"name\":\"a\",\"data\":{}}".getBytes(UTF_8), "", Map.of());
      await().until(() -> workers.seen().size() == 1);
      workers.ackAll();
      InMemoryTracer.Recorded trace = workers.traces().getFirst();
      assertEquals(1, trace.action().id());
      assertEquals(Lane.ASYNC, trace.lane());
      assertNull(trace.parent());
      assertInstanceOf(Trace.Step.Ended.class, trace.steps().getLast());
    }
  }

  @Test
  default void everyColumnComesBackAsItWas() throws Exception {
    try (SubmissionsRig rig = rig();
        Workers workers = new Workers(ROOMY, new InMemoryDeadLetters()).connect();
        DatabaseSource source = rig.source(new InMemoryDeadLetters())) {
      Instant fine = Instant.parse("2026-11-21T10:15:30.123456789Z");
      Instant past = Instant.parse("2001-01-01T00:00:00.000000001Z");
      Action sent =
          new Action(
              -1, "a\\b\u0001", Action.Encoding.PROTO, new byte[0], new byte[] {0}, fine, past);
      done(source.submissions().submit(sent));
      source.start(workers.dispatcher());
      await().atMost(PATIENCE).until(() -> workers.seen().size() == 1);
      Action got = workers.take().getFirst().action();
      assertEquals(sent.idText(), got.idText());
      assertEquals(sent.name(), got.name());
      assertEquals(sent.encoding(), got.encoding());
      assertArrayEquals(sent.payload(), got.payload());
      assertArrayEquals(sent.secret(), got.secret());
      assertEquals(fine, got.timestamp());
      assertEquals(past, got.notBefore());
    }
  }

  @Test
  default void whatFindsNoRoomIsRefused() throws Exception {
    SubmissionSettings three = SubmissionsRig.settings(3, 100, Duration.ofSeconds(60));
    try (SubmissionsRig rig = rig();
        Workers workers = new Workers(ROOMY, new InMemoryDeadLetters()).connect();
        DatabaseSource source = rig.source(three, new InMemoryDeadLetters())) {
      Submissions submissions = source.submissions();
      for (long id = 1; id <= 3; id++) {
        done(submissions.submit(action(id)));
      }
      assertEquals(Reason.FULL, refusal(submissions.submit(action(4))).reason());
      assertTrue(
          String.valueOf(refusal(submissions.submit(action(4))).getMessage())
              .contains("submissions.maxStored=3"));
      source.start(workers.dispatcher());
      await().atMost(PATIENCE).until(() -> workers.seen().size() == 3);
      workers.ackAll();
      await().atMost(PATIENCE).until(() -> rig.rows() == 0);
      await().atMost(PATIENCE).until(() -> accepted(submissions, 5));
      await().atMost(PATIENCE).until(() -> workers.seen().contains(5L));
    }
  }

  @Test
  default void aFullTableIsStillFullAfterARestart() throws Exception {
    SubmissionSettings two = SubmissionsRig.settings(2, 100, Duration.ofSeconds(60));
    try (SubmissionsRig rig = rig();
        Workers workers = new Workers(ROOMY, new InMemoryDeadLetters())) {
      try (DatabaseSource source = rig.source(two, new InMemoryDeadLetters())) {
        done(source.submissions().submit(action(1)));
        done(source.submissions().submit(action(2)));
      }
      try (DatabaseSource source = rig.source(two, new InMemoryDeadLetters())) {
        source.start(workers.dispatcher());
        await().atMost(PATIENCE).until(() -> source.check().detail().startsWith("stored=2 "));
        assertEquals(Reason.FULL, refusal(source.submissions().submit(action(3))).reason());
      }
    }
  }

  @Test
  default void noMoreIsInFlightThanMayBe() throws Exception {
    SubmissionSettings ten = SubmissionsRig.settings(1000, 10, Duration.ofSeconds(60));
    try (SubmissionsRig rig = rig();
        Workers workers = new Workers(ROOMY, new InMemoryDeadLetters()).connect();
        DatabaseSource source = rig.source(ten, new InMemoryDeadLetters())) {
      submitAll(source.submissions(), 1, 100);
      source.start(workers.dispatcher());
      await().atMost(PATIENCE).until(() -> workers.seen().size() == 10);
      await().during(QUIET).atMost(PATIENCE).until(() -> workers.seen().size() == 10);
      await()
          .atMost(PATIENCE)
          .until(
              () -> {
                workers.ackAll();
                assertTrue(workers.accepted() <= 10);
                return rig.rows() == 0;
              });
      assertEquals(ids(1, 100), new HashSet<>(workers.seen()));
      assertEquals(100, workers.seen().size());
    }
  }

  @Test
  default void whatIsNotDueForLongTakesNoRoom() throws Exception {
    SubmissionSettings one = SubmissionsRig.settings(1000, 1, Duration.ofSeconds(60));
    try (SubmissionsRig rig = rig();
        Workers workers = new Workers(ROOMY, new InMemoryDeadLetters()).connect();
        DatabaseSource source = rig.source(one, new InMemoryDeadLetters())) {
      for (long id = 1; id <= 20; id++) {
        done(source.submissions().submit(dated(id, Instant.now().plusSeconds(3600))));
      }
      done(source.submissions().submit(action(21)));
      source.start(workers.dispatcher());
      await().atMost(PATIENCE).until(() -> workers.seen().equals(List.of(21L)));
      workers.ackAll();
      await().atMost(PATIENCE).until(() -> rig.rows() == 20);
    }
  }

  @Test
  default void aRowThatCannotBeReadBecomesADeadLetterAndHoldsNothingUp() throws Exception {
    InMemoryDeadLetters letters = new InMemoryDeadLetters();
    try (SubmissionsRig rig = rig();
        Workers workers = new Workers(ROOMY, letters).connect();
        DatabaseSource source = rig.source(letters)) {
      submitAll(source.submissions(), 1, 3);
      done(
          rig.database()
              .write(
                  handle ->
                      handle.execute(
                          "update submissions set encoding = 'COBOL' where action_id = '2'")));
      source.start(workers.dispatcher());
      await().atMost(PATIENCE).until(() -> workers.seen().size() == 2);
      workers.ackAll();
      await().atMost(PATIENCE).until(() -> rig.rows() == 0);
      DeadLetter letter = letters.kept().getFirst();
      assertEquals(DeadLetter.Reason.UNDECODABLE, letter.reason());
      assertEquals("database", letter.source());
      assertTrue(letter.origin().startsWith("row="), letter::origin);
      assertArrayEquals(
          "{}".getBytes(UTF_8),
          assertInstanceOf(DeadLetter.Undecoded.class, letter.content()).data());
    }
  }

  @Test
  default void whatIsNotStoredIsSaid() throws Exception {
    try (SubmissionsRig rig = rig()) {
      DatabaseSource source = rig.source(new InMemoryDeadLetters());
      rig.database().close();
      assertEquals(Reason.UNAVAILABLE, refusal(source.submissions().submit(action(1))).reason());
      assertFalse(source.check().healthy());
    }
  }

  static void submitAll(Submissions submissions, long first, long last) throws Exception {
    List<CompletionStage<Void>> stored = new ArrayList<>();
    for (long id = first; id <= last; id++) {
      stored.add(submissions.submit(action(id)));
    }
    for (CompletionStage<Void> each : stored) {
      done(each);
    }
  }

  static Set<Long> ids(long first, long last) {
    return new HashSet<>(LongStream.rangeClosed(first, last).boxed().toList());
  }

  static Action action(long id) {
    return dated(id, null);
  }

  private static Action dated(long id, @Nullable Instant notBefore) {
    return new Action(
        id, "a", Action.Encoding.JSON, "{}".getBytes(UTF_8), null, Instant.EPOCH, notBefore);
  }

  private static boolean accepted(Submissions submissions, long id) throws InterruptedException {
    try {
      done(submissions.submit(action(id)));
      return true;
    } catch (InterruptedException e) {
      throw e;
    } catch (Exception e) {
      return false;
    }
  }

  private static RefusedException refusal(CompletionStage<Void> submitted) throws Exception {
    return assertInstanceOf(RefusedException.class, failure(submitted));
  }
}
