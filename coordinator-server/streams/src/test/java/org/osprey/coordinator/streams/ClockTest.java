package org.osprey.coordinator.streams;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import java.util.function.Predicate;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.osprey.coordinator.proto.streams.v1.StateUpdate;
import org.osprey.coordinator.proto.streams.v1.StreamMode;

/** How a stream steps through its scenes. */
class ClockTest {
  /** The step of the rig, and the slice of the wheel. */
  private static final long TICK = 7;

  private final Rig rig = new Rig();

  @BeforeEach
  void create() {
    rig.start(Rig.show().build());
  }

  private void watch() {
    rig.register("c", "1");
    rig.updates.clear();
  }

  private StateUpdate first(Predicate<StateUpdate> wanted) {
    return rig.updates.stream().filter(wanted).findFirst().orElseThrow();
  }

  private long atMillis(StateUpdate update) {
    return update.getServerTime() - Rig.START;
  }

  private static void assertNear(long expected, long actual) {
    assertTrue(actual >= expected && actual <= expected + TICK, expected + " but was " + actual);
  }

  @Test
  void scenesChangeAtTheirTimes() {
    watch();
    rig.pass(Duration.ofSeconds(16));
    assertNear(3_000, atMillis(first(update -> update.getCurrentScene().equals("Main"))));
    assertNear(13_000, atMillis(first(update -> update.getCurrentScene().equals("Outro"))));
    assertNear(15_000, atMillis(first(StateUpdate::getIsComplete)));
    StateUpdate end = rig.last();
    assertEquals(100, end.getProgressPercentage());
    assertEquals(15_000, end.getCurrentTime());
    assertEquals(0, end.getTimeRemaining());
    assertEquals(StreamMode.STREAM_MODE_FINISHED, end.getMode());
  }

  @Test
  void nothingIsToldAfterTheEnd() {
    watch();
    rig.pass(Duration.ofSeconds(16));
    int told = rig.updates.size();
    rig.pass(Duration.ofSeconds(5));
    assertEquals(told, rig.updates.size());
  }

  @Test
  void aTickComesEveryInterval() {
    watch();
    rig.pass(Duration.ofSeconds(2));
    assertEquals(20, rig.updates.size());
    List<Long> seqs = rig.updates.stream().map(StateUpdate::getSeq).toList();
    assertEquals(seqs.stream().sorted().distinct().toList(), seqs);
  }

  @Test
  void aTickTellsWhereItIs() {
    watch();
    rig.pass(Duration.ofMillis(4_500));
    StateUpdate state = rig.inspect().getState();
    assertEquals("Main", state.getCurrentScene());
    assertEquals(1, state.getSceneIndex());
    assertEquals(4_500, state.getCurrentTime());
    assertEquals(10_500, state.getTimeRemaining());
    assertEquals(8_500, state.getSceneTimeRemaining());
    assertEquals(30, state.getProgressPercentage());
    assertTrue(state.getIsRunning());
  }

  @Test
  void missedTicksAreLeftOut() {
    watch();
    rig.sleep(Duration.ofMillis(2_050));
    assertTrue(rig.updates.size() <= 2, "told " + rig.updates.size());
    rig.pass(Duration.ofMillis(500));
    assertTrue(rig.updates.size() <= 7, "told " + rig.updates.size());
    assertEquals(2_550, rig.inspect().getState().getCurrentTime());
  }

  @Test
  void aSlowTickDoesNotDelayTheNextScene() {
    rig.reconfigure(Rig.show().setTickIntervalMs(60_000).build());
    long begin = rig.wall - Rig.START;
    watch();
    rig.pass(Duration.ofSeconds(4));
    assertNear(begin + 3_000, atMillis(first(update -> update.getCurrentScene().equals("Main"))));
  }

  @Test
  void aPauseKeepsThePosition() {
    watch();
    rig.pass(Duration.ofSeconds(5));
    rig.pause();
    rig.pass(Duration.ofSeconds(10));
    StateUpdate paused = rig.inspect().getState();
    assertEquals(5_000, paused.getCurrentTime());
    assertTrue(paused.getIsPaused());
    rig.resume();
    rig.updates.clear();
    rig.pass(Duration.ofSeconds(11));
    assertNear(23_000, atMillis(first(update -> update.getCurrentScene().equals("Outro"))));
    assertNear(25_000, atMillis(first(StateUpdate::getIsComplete)));
  }

  @Test
  void aThousandLoopsDoNotDrift() {
    rig.reconfigure(
        Rig.show()
            .clearScenes()
            .addScenes(Rig.scene("a", 70))
            .addScenes(Rig.scene("b", 63))
            .setLoopScenes(true)
            .build());
    watch();
    long begin = rig.wall;
    while (rig.inspect().getState().getLoop() < 1_000) {
      rig.pass(Duration.ofMillis(133));
      rig.heartbeat("c", "1");
    }
    StateUpdate thousandth = first(update -> update.getLoop() == 1_000);
    assertNear(1_000 * 133, thousandth.getServerTime() - begin);
    StateUpdate state = rig.inspect().getState();
    assertEquals((rig.wall - begin) % 133, state.getCurrentTime());
    assertEquals((rig.wall - begin) / 133, state.getLoop());
  }

  @Test
  void aForcedSceneGoesOnFromItsBeginning() {
    watch();
    rig.pass(Duration.ofSeconds(5));
    rig.force("Outro");
    assertEquals(13_000, rig.last().getCurrentTime());
    rig.updates.clear();
    rig.pass(Duration.ofSeconds(3));
    assertNear(7_000, atMillis(first(StateUpdate::getIsComplete)));
    rig.updates.forEach(update -> assertEquals("Outro", update.getCurrentScene()));
  }

  @Test
  void aSkippedSceneIsLeftAtOnce() {
    watch();
    rig.pass(Duration.ofSeconds(1));
    rig.skip();
    assertEquals("Main", rig.last().getCurrentScene());
    rig.updates.clear();
    rig.pass(Duration.ofSeconds(11));
    assertNear(11_000, atMillis(first(update -> update.getCurrentScene().equals("Outro"))));
  }

  @Test
  void aStreamThatSleptLongIsWhereItWouldBe() {
    rig.reconfigure(Rig.show().setLoopScenes(true).build());
    watch();
    rig.sleep(Duration.ofSeconds(15 * 7 + 4));
    StateUpdate state = rig.last();
    assertEquals(7, state.getLoop());
    assertEquals(4_000, state.getCurrentTime());
    assertEquals("Main", state.getCurrentScene());
  }

  @Test
  void streamsThatBeginTogetherDoNotTickTogether() {
    long distinct =
        java.util.stream.IntStream.range(0, 100)
            .mapToLong(i -> Math.floorMod(("s" + i).hashCode() * 1_000_000L, 100_000_000L))
            .distinct()
            .count();
    assertTrue(distinct > 50, "phases " + distinct);
  }
}
