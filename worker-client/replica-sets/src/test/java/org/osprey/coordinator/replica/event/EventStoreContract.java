package org.osprey.coordinator.replica.event;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What every store of events does. */
abstract class EventStoreContract {
  private static final int RACERS = 20;

  abstract EventStore store();

  static List<NewEvent> events(int count) {
    return IntStream.range(0, count)
        .mapToObj(i -> NewEvent.of("counted", Integer.toString(i).getBytes(UTF_8)))
        .toList();
  }

  static List<PersistedEvent> all(EventStore store, Slots slots) {
    try (EventReader reader = store.reader(0)) {
      long unused = reader.horizon();
      return reader.read(0, Integer.MAX_VALUE, slots);
    }
  }

  @Test
  void whatIsAppendedIsRead() {
    EventStore store = store();
    byte[] data = {0, 1, -1};
    byte[] metadata = "{}".getBytes(UTF_8);
    assertEquals(1, store.append("a", 0, List.of(new NewEvent("made", data, metadata))));
    PersistedEvent event = all(store, Slots.all()).getFirst();
    assertAll(
        () -> assertEquals(1, event.position()),
        () -> assertEquals("a", event.streamId()),
        () -> assertEquals(1, event.version()),
        () -> assertEquals(Slots.slot("a"), event.slot()),
        () -> assertEquals("made", event.type()),
        () -> assertArrayEquals(data, event.data()),
        () -> assertArrayEquals(metadata, event.metadata()));
  }

  @Test
  void theEventsOfAnAppendKeepTheirOrder() {
    EventStore store = store();
    assertEquals(1_000, store.append("a", 0, events(1_000)));
    List<PersistedEvent> read = all(store, Slots.all());
    for (int i = 0; i < 1_000; i++) {
      assertEquals(i + 1, read.get(i).version());
      assertEquals(Integer.toString(i), new String(read.get(i).data(), UTF_8));
    }
  }

  @Test
  void anotherVersionIsRefusedAndLeavesNothing() {
    EventStore store = store();
    store.append("a", 0, events(2));
    for (long wrong : new long[] {0, 1, 3}) {
      assertThrows(WrongVersionException.class, () -> store.append("a", wrong, events(1)));
    }
    assertThrows(WrongVersionException.class, () -> store.append("new", 1, events(1)));
    assertEquals(2, all(store, Slots.all()).size());
    assertEquals(3, store.append("a", 2, events(1)));
    assertEquals(5, store.append("a", EventStore.ANY_VERSION, events(2)));
    assertEquals(1, store.append("new", 0, events(1)));
  }

  @Test
  void anAppendOfNothingIsRefused() {
    assertThrows(IllegalArgumentException.class, () -> store().append("a", 0, List.of()));
  }

  @Test
  void ofRacingAppendsAsManySucceedAsThereAreEvents() throws Exception {
    EventStore store = store();
    List<Callable<Boolean>> racers = new ArrayList<>();
    for (int i = 0; i < RACERS; i++) {
      racers.add(
          () -> {
            try {
              store.append("a", 0, events(1));
              return true;
            } catch (WrongVersionException e) {
              return false;
            }
          });
    }
    int succeeded = 0;
    try (ExecutorService threads = Executors.newFixedThreadPool(RACERS)) {
      for (Future<Boolean> racer : threads.invokeAll(racers)) {
        succeeded += racer.get() ? 1 : 0;
      }
    }
    assertEquals(1, succeeded);
    assertEquals(1, all(store, Slots.all()).size());
  }

  @Test
  void aReaderSeesItsSlotsInPages() {
    EventStore store = store();
    for (int i = 0; i < 200; i++) {
      store.append("stream-" + i % 20, EventStore.ANY_VERSION, events(1));
    }
    Map<Integer, Integer> seen = new HashMap<>();
    for (int worker = 0; worker < 3; worker++) {
      Slots slots = Slots.of(worker, 3);
      try (EventReader reader = store.reader(0)) {
        long unused = reader.horizon();
        long after = 0;
        List<PersistedEvent> page;
        do {
          page = reader.read(after, 7, slots);
          for (PersistedEvent event : page) {
            assertEquals(true, slots.contains(event.slot()));
            assertEquals(true, event.position() > after);
            after = event.position();
            seen.merge(event.slot(), 1, Integer::sum);
          }
        } while (page.size() == 7);
      }
    }
    assertEquals(200, seen.values().stream().mapToInt(Integer::intValue).sum());
  }

  @Test
  void nothingIsReadBehindTheHorizonThatWasLookedAt() {
    EventStore store = store();
    store.append("a", 0, events(1));
    try (EventReader reader = store.reader(0)) {
      assertEquals(1, reader.horizon());
      store.append("a", 1, events(1));
      assertEquals(1, reader.read(0, 10, Slots.all()).size());
      assertEquals(2, reader.horizon());
      assertEquals(2, reader.read(0, 10, Slots.all()).size());
    }
  }
}
