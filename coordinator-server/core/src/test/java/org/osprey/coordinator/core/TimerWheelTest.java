package org.osprey.coordinator.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.osprey.coordinator.core.TimerWheel.Timer;

class TimerWheelTest {
  private static final long SLICE = 16_000_000;
  private static final long REVOLUTION = 1024 * SLICE;

  private final TimerWheel<Timer> wheel = new TimerWheel<>(Duration.ofNanos(SLICE), 0);
  private final List<Timer> woken = new ArrayList<>();

  @Test
  void aTimerWakesAtItsTimeAndNotANanosecondBefore() {
    Timer timer = timer();
    wheel.arm(timer, 100);
    advance(99);
    assertEquals(List.of(), woken);
    advance(100);
    assertEquals(List.of(timer), woken);
    advance(100 + REVOLUTION);
    assertEquals(List.of(timer), woken);
  }

  @Test
  void aTimeInThePastWakesAtTheNextAdvance() {
    advance(50 * SLICE);
    Timer timer = timer();
    wheel.arm(timer, SLICE);
    advance(50 * SLICE);
    assertEquals(List.of(timer), woken);
  }

  @Test
  void aTimeManyRevolutionsAwayWakesInItsOwnRevolution() {
    Timer timer = timer();
    long at = 7 * REVOLUTION + 3 * SLICE + 5;
    wheel.arm(timer, at);
    for (long now = 0; now < at; now += SLICE) {
      advance(now);
    }
    assertEquals(List.of(), woken);
    advance(at);
    assertEquals(List.of(timer), woken);
  }

  @Test
  void aLeapOverManyRevolutionsMissesNothing() {
    List<Timer> timers = new ArrayList<>();
    for (int i = 0; i < 3_000; i++) {
      Timer timer = timer();
      timers.add(timer);
      wheel.arm(timer, i * SLICE);
    }
    advance(9 * REVOLUTION);
    assertEquals(new HashSet<>(timers), new HashSet<>(woken));
    assertEquals(timers.size(), woken.size());
  }

  @Test
  void armingAgainReplacesTheTime() {
    Timer timer = timer();
    wheel.arm(timer, SLICE);
    wheel.arm(timer, 3 * SLICE);
    assertEquals(List.of(timer), wheel.armed());
    advance(2 * SLICE);
    assertEquals(List.of(), woken);
    advance(3 * SLICE);
    assertEquals(List.of(timer), woken);
  }

  @Test
  void whoIsDisarmedByAnotherThatWakesStaysAsleep() {
    Timer first = timer();
    Timer second = timer();
    wheel.arm(first, SLICE);
    wheel.arm(second, SLICE);
    wheel.advance(
        SLICE,
        timer -> {
          woken.add(timer);
          wheel.disarm(timer.equals(first) ? second : first);
        });
    assertEquals(1, woken.size());
    assertEquals(List.of(), wheel.armed());
  }

  @Test
  void whoArmsItselfWhileWakingWakesAtTheNextAdvanceAndNotInAnEndlessLoop() {
    Timer timer = timer();
    wheel.arm(timer, SLICE);
    wheel.advance(
        SLICE,
        self -> {
          woken.add(self);
          wheel.arm(self, SLICE);
        });
    assertEquals(1, woken.size());
    advance(SLICE);
    assertEquals(2, woken.size());
  }

  @Test
  void theClockMayBeginBelowZero() {
    long start = -5 * REVOLUTION - 7;
    TimerWheel<Timer> below = new TimerWheel<>(Duration.ofNanos(SLICE), start);
    Timer timer = timer();
    below.arm(timer, start + 10 * SLICE);
    below.advance(start + 10 * SLICE - 1, woken::add);
    assertEquals(List.of(), woken);
    below.advance(start + 10 * SLICE, woken::add);
    assertEquals(List.of(timer), woken);
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 20_261_121})
  void doesWhatAListOfTimesWouldDo(long seed) {
    new Model(seed).run(20_000);
  }

  private void advance(long now) {
    wheel.advance(now, woken::add);
  }

  private static Timer timer() {
    return new DispatcherFixture().async(1);
  }

  /** Arms, disarms and advances at random, also from within wakes, beside a map of times. */
  private static final class Model {
    private final Random random;
    private final List<Timer> timers = new ArrayList<>();
    private final Map<Timer, Long> times = new HashMap<>();
    private long now;
    private final TimerWheel<Timer> wheel;
    private int wakes;

    private Model(long seed) {
      random = new Random(seed);
      now = random.nextLong(-10 * REVOLUTION, 10 * REVOLUTION);
      wheel = new TimerWheel<>(Duration.ofNanos(SLICE), now);
      for (int i = 0; i < 50; i++) {
        timers.add(timer());
      }
    }

    private void run(int steps) {
      for (int i = 0; i < steps; i++) {
        switch (random.nextInt(4)) {
          case 0, 1 -> arm(any());
          case 2 -> disarm(any());
          default -> advance();
        }
        assertEquals(times.keySet(), armed());
        assertEquals(earliest(), wheel.idleUntil());
      }
      assertTrue(wakes > steps / 20, "the model hardly woke any: " + wakes);
    }

    /** The next time, or that up to which a wheel can tell. */
    private long earliest() {
      long reach = (Math.floorDiv(now, SLICE) + 1024) * SLICE;
      return times.values().stream()
          .mapToLong(at -> at)
          .filter(at -> at < reach)
          .min()
          .orElse(reach);
    }

    private Set<Timer> armed() {
      List<Timer> armed = wheel.armed();
      Set<Timer> set = new HashSet<>(armed);
      assertEquals(armed.size(), set.size(), "a timer stands twice in the wheel");
      return set;
    }

    private void advance() {
      now +=
          switch (random.nextInt(10)) {
            case 0 -> 0;
            case 1 -> random.nextLong(3 * REVOLUTION);
            default -> random.nextLong(4 * SLICE);
          };
      List<Timer> expected = due();
      List<Timer> rearmed = new ArrayList<>();
      wheel.advance(now, timer -> wake(timer, expected, rearmed));
      // What was armed anew with a time in the past may wake now or at the next advance.
      List<Timer> late = new ArrayList<>(due());
      late.removeAll(rearmed);
      assertEquals(List.of(), late, "slept through its time");
    }

    private void wake(Timer timer, List<Timer> expected, List<Timer> rearmed) {
      Long at = times.remove(timer);
      if (at == null) {
        throw new AssertionError("woke although it was disarmed");
      }
      assertTrue(at <= now, "woke " + (at - now) + " ns early");
      assertTrue(expected.contains(timer), "woke although it was armed during this advance");
      wakes++;
      if (random.nextInt(3) == 0) {
        disarm(any());
      }
      if (random.nextInt(3) == 0) {
        Timer again = any();
        arm(again);
        rearmed.add(again);
      }
    }

    private List<Timer> due() {
      return timers.stream().filter(timer -> times.getOrDefault(timer, now + 1) <= now).toList();
    }

    private void arm(Timer timer) {
      long at =
          now
              + switch (random.nextInt(4)) {
                case 0 -> -random.nextLong(2 * REVOLUTION);
                case 1 -> random.nextLong(Duration.ofHours(1).toNanos());
                default -> random.nextLong(50 * SLICE);
              };
      wheel.arm(timer, at);
      times.put(timer, at);
    }

    private void disarm(Timer timer) {
      wheel.disarm(timer);
      times.remove(timer);
    }

    private Timer any() {
      return timers.get(random.nextInt(timers.size()));
    }
  }
}
