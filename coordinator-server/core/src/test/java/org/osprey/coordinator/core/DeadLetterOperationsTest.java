package org.osprey.coordinator.core;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.osprey.coordinator.core.DeadLetter.Decoded;
import org.osprey.coordinator.core.DeadLetter.Reason;
import org.osprey.coordinator.core.DeadLetter.Undecoded;
import org.osprey.coordinator.core.DeadLetterOperations.Replayed;
import org.osprey.coordinator.core.DeadLetterStore.StoredLetter;

class DeadLetterOperationsTest {
  private static final Duration PATIENCE = Duration.ofMinutes(1);

  private final DispatcherFixture core = new DispatcherFixture();
  private final InMemoryDeadLetters store = core.deadLetters;
  private final DeadLetterOperations operations =
      new DeadLetterOperations(store, core.dispatcher, message -> null, Ticker.system());

  @Test
  void aReplayedLetterIsHandledAndGone() throws Exception {
    store.put(letter(1));
    store.put(letter(2));
    core.dispatcher.connect("w", ActionNames.ALL, 10, new Answering(true));

    assertEquals(new Replayed(2, 0, 0, 0, true), operations.replay(all -> true, PATIENCE));
    assertEquals(List.of(), store.kept());
  }

  @Test
  void onlyWantedLettersAreReplayed() throws Exception {
    store.put(letter(1));
    store.put(letter(2));
    core.dispatcher.connect("w", ActionNames.ALL, 10, new Answering(true));

    assertEquals(
        new Replayed(1, 0, 0, 0, true),
        operations.replay(stored -> stored.id().equals("2"), PATIENCE));
    assertEquals(List.of("1"), operations.list(null, 10).stream().map(StoredLetter::id).toList());
  }

  @Test
  void aReplayEndsAlthoughEverythingFailsAgain() throws Exception {
    for (int id = 1; id <= 250; id++) {
      store.put(letter(id));
    }
    DispatcherFixture strict = strict();
    DeadLetterOperations strictly =
        new DeadLetterOperations(store, strict.dispatcher, message -> null, Ticker.system());
    strict.dispatcher.connect("w", ActionNames.ALL, 10, new Answering(strict.dispatcher, false));

    assertEquals(new Replayed(0, 250, 0, 0, true), strictly.replay(all -> true, PATIENCE));
    assertEquals(0, store.kept().size());
    assertEquals(250, strict.deadLetters.kept().size());
    assertEquals("place=1 replay_of=1", strict.deadLetters.kept().getFirst().origin());
  }

  @Test
  void theOriginOfAReplayOfAReplayDoesNotGrow() throws Exception {
    DispatcherFixture strict = strict();
    strict.deadLetters.put(letter(1));
    DeadLetterOperations strictly =
        new DeadLetterOperations(
            strict.deadLetters, strict.dispatcher, message -> null, Ticker.system());
    strict.dispatcher.connect("w", ActionNames.ALL, 10, new Answering(strict.dispatcher, false));
    strictly.replay(all -> true, PATIENCE);
    strictly.replay(all -> true, PATIENCE);

    assertEquals("place=1 replay_of=2", strict.deadLetters.kept().getFirst().origin());
  }

  @Test
  void whatNobodyHandlesInTimeStays() throws Exception {
    store.put(letter(1));

    assertEquals(
        new Replayed(0, 0, 0, 1, false), operations.replay(all -> true, Duration.ofMillis(10)));
    assertEquals(1, store.kept().size());
  }

  @Test
  void aDrainingCoordinatorReplaysNothing() throws Exception {
    store.put(letter(1));
    core.dispatcher.drain();

    assertEquals(new Replayed(0, 0, 0, 0, false), operations.replay(all -> true, PATIENCE));
    assertEquals(1, store.kept().size());
  }

  @Test
  void whatIsStillNoActionStays() throws Exception {
    store.put(broken());

    assertEquals(new Replayed(0, 0, 1, 0, true), operations.replay(all -> true, PATIENCE));
    assertEquals(1, store.kept().size());
  }

  @Test
  void whatCanBeReadByNowIsReplayed() throws Exception {
    store.put(broken());
    DeadLetterOperations wiser =
        new DeadLetterOperations(
            store,
            core.dispatcher,
            message -> DispatcherFixture.action(message.data().length, "a"),
            Ticker.system());
    core.dispatcher.connect("w", ActionNames.ALL, 10, new Answering(true));

    assertEquals(new Replayed(1, 0, 0, 0, true), wiser.replay(all -> true, PATIENCE));
    assertEquals(List.of(), store.kept());
  }

  @Test
  void pagesFollowEachOther() {
    for (int id = 1; id <= 5; id++) {
      store.put(letter(id));
    }
    List<StoredLetter> page = operations.list(null, 3);
    assertEquals(3, page.size());
    assertEquals(2, operations.list(page.getLast().id(), 3).size());
    assertNotNull(operations.show("5"));
    assertNull(operations.show("6"));
  }

  @Test
  void purgeThrowsAwayWhatIsWanted() {
    for (int id = 1; id <= 250; id++) {
      store.put(letter(id));
    }
    assertEquals(249, operations.purge(stored -> !stored.id().equals("7")));
    assertEquals(1, store.kept().size());
  }

  private DispatcherFixture strict() {
    DispatcherSettings usual = DispatcherSettings.DEFAULTS;
    DispatcherSettings settings =
        new DispatcherSettings(
            usual.sync(),
            usual.async(),
            usual.leases(),
            new DispatcherSettings.Retries(1, 5, Duration.ofMillis(1), Duration.ofMillis(1)),
            usual.agedAfter(),
            usual.agedShare(),
            usual.idleStream());
    return new DispatcherFixture(settings, null);
  }

  private static DeadLetter letter(long id) {
    Decoded content = new Decoded(DispatcherFixture.action(id, "a"));
    return new DeadLetter(Reason.NACKED, "test", "place=" + id, content, 3, 0, "error", null);
  }

  private static DeadLetter broken() {
    Undecoded content = new Undecoded(null, "{".getBytes(UTF_8), Map.of(), Instant.EPOCH);
    return DeadLetter.undecodable("test", "place=1", content, "error");
  }

  /** Acks or nacks at once. */
  private final class Answering implements Target {
    private final Dispatcher dispatcher;
    private final boolean acks;

    private Answering(boolean acks) {
      this(core.dispatcher, acks);
    }

    private Answering(Dispatcher dispatcher, boolean acks) {
      this.dispatcher = dispatcher;
      this.acks = acks;
    }

    @Override
    public void lease(Lease lease) {
      if (acks) {
        dispatcher.ack(lease.stream(), lease.ackId(), Outcome.Acked.EMPTY);
      } else {
        dispatcher.nack(lease.stream(), lease.ackId());
      }
    }

    @Override
    public void end() {}
  }
}
