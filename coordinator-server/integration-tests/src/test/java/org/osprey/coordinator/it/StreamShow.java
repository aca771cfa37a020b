package org.osprey.coordinator.it;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntSupplier;

/**
 * Streams for a fault to meet: some are steered all the time, others run undisturbed, and all are
 * watched over each of some ports.
 */
final class StreamShow implements AutoCloseable {
  static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final Duration LONGEST_OUTAGE = Duration.ofSeconds(10);

  /** Milliseconds of a loop. */
  private static final long TOTAL = 1_700;

  private static final String LOOP =
      "\"scenes\":[{\"name\":\"A\",\"duration_ms\":700},{\"name\":\"B\",\"duration_ms\":1000}],"
          + "\"tick_interval_ms\":100,\"loop_scenes\":true";

  private final StreamCaller caller;
  private final List<SteeredStream> steered = new ArrayList<>();
  private final List<String> undisturbed = new ArrayList<>();
  private final List<StreamWatcher> watchers = new ArrayList<>();

  /** By stream, one for each port. */
  private final Map<String, List<StreamDiary>> diaries = new HashMap<>();

  private long longestOutage;
  private long farthestOff;

  /**
   * @param port that commands go to
   * @param watched ports to watch over
   */
  StreamShow(int steeredOnes, int others, IntSupplier port, List<IntSupplier> watched) {
    caller = new StreamCaller(port);
    for (int i = 0; i < others; i++) {
      String id = "loop-" + i;
      caller.create(id, LOOP);
      undisturbed.add(id);
      watch(id, watched);
    }
    for (int i = 0; i < steeredOnes; i++) {
      SteeredStream stream = new SteeredStream("steered-" + i, new StreamCaller(port), i);
      stream.create();
      watch("steered-" + i, watched);
      steered.add(stream.begin());
    }
    await().atMost(PATIENCE).until(() -> undisturbed.stream().allMatch(id -> isOn(id, 0)));
  }

  private void watch(String id, List<IntSupplier> ports) {
    List<StreamDiary> seen = new ArrayList<>();
    for (IntSupplier port : ports) {
      StreamWatcher watcher = new StreamWatcher(id, port);
      watchers.add(watcher);
      seen.add(watcher.diary());
    }
    diaries.put(id, seen);
  }

  /** Adds one more who watches it. */
  void add(String id, StreamDiary diary) {
    List<StreamDiary> all = new ArrayList<>(diaries.getOrDefault(id, List.of()));
    all.add(diary);
    diaries.put(id, all);
  }

  List<String> undisturbed() {
    return List.copyOf(undisturbed);
  }

  List<StreamDiary> diaries(String id) {
    return diaries.getOrDefault(id, List.of());
  }

  StreamCaller caller() {
    return caller;
  }

  long acknowledged() {
    return steered.stream().mapToLong(SteeredStream::acknowledged).sum();
  }

  void awaitAcknowledged(long more) {
    long wanted = acknowledged() + more;
    await().atMost(PATIENCE).until(() -> acknowledged() >= wanted);
  }

  /** Where every undisturbed stream is now. */
  Map<String, Long> epochs() {
    Map<String, Long> epochs = new HashMap<>();
    for (String id : undisturbed) {
      epochs.put(id, diaries(id).stream().mapToLong(StreamDiary::epoch).max().orElseThrow());
    }
    return epochs;
  }

  private boolean isOn(String id, long epoch) {
    return diaries(id).stream().allMatch(diary -> diary.isRunningAfter(epoch));
  }

  /**
   * Waits until all who watch those streams are told of a newer epoch.
   *
   * @param since nanoseconds, from which the outage counts
   */
  void awaitResumed(Map<String, Long> before, long since) {
    await()
        .pollInterval(Duration.ofMillis(20))
        .atMost(PATIENCE)
        .until(() -> before.entrySet().stream().allMatch(e -> isOn(e.getKey(), e.getValue())));
    resumed(before.keySet(), since);
  }

  /** All who watch those streams are told of them again. */
  void resumed(Iterable<String> ids, long since) {
    Duration outage = Duration.ofNanos(System.nanoTime() - since);
    longestOutage = Math.max(longestOutage, outage.toMillis());
    assertTrue(outage.compareTo(LONGEST_OUTAGE) <= 0, () -> "outage of " + outage);
    for (String id : ids) {
      assertAtTruth(id);
    }
  }

  private void assertAtTruth(String id) {
    for (StreamDiary diary : diaries(id)) {
      SeenState last = diary.last();
      long off = diary.offTruth(last.epoch(), TOTAL);
      farthestOff = Math.max(farthestOff, off);
      assertTrue(off <= SteeredStream.TICK, () -> id + " is off by " + off + " ms: " + last);
    }
  }

  /** Ends the steering; fails if an acknowledged command was lost or a watcher was led astray. */
  void finish(String row) {
    steered.forEach(SteeredStream::stop);
    long disorders =
        diaries.values().stream().flatMap(List::stream).mapToLong(StreamDiary::disorders).sum();
    System.out.printf(
        "%s acknowledged=%d unanswered=%d worst_model_ms=%d longest_outage_ms=%d off_truth_ms=%d"
            + " updates=%d disorders=%d%n",
        row,
        acknowledged(),
        steered.stream().mapToLong(SteeredStream::unanswered).sum(),
        steered.stream().mapToLong(SteeredStream::worst).max().orElse(0),
        longestOutage,
        farthestOff,
        diaries.values().stream().flatMap(List::stream).mapToLong(StreamDiary::size).sum(),
        disorders);
    undisturbed.forEach(this::assertAtTruth);
    assertEquals(0, disorders);
  }

  @Override
  public void close() {
    watchers.forEach(StreamWatcher::close);
    steered.forEach(SteeredStream::close);
    caller.close();
  }
}
