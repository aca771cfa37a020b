package org.osprey.coordinator.replica.member;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.osprey.coordinator.replica.event.Slots;

/**
 * Workers that crash, stop, wake up, join, leave, and whose calls fail before or after they had
 * their effect. {@code -Dsimulation.seeds=2000} tries so many.
 */
class MemberSimulationTest {
  private static final int SEEDS = Integer.getInteger("simulation.seeds", 300);
  private static final long STALE = Duration.ofSeconds(30).toNanos();
  private static final long HEARTBEAT = Duration.ofSeconds(5).toNanos();
  private static final long COORDINATION = Duration.ofSeconds(60).toNanos();
  private static final long HANDLER = Duration.ofMinutes(5).toNanos();
  private static final long STEP = Duration.ofSeconds(1).toNanos();
  private static final int FAULTY_STEPS = 600;

  /** Longer than any take-over, with a coordination time-out in it. */
  private static final int QUIET_STEPS = 200;

  @Test
  void neverTwoGenerationsAtOnceAndAlwaysAnEnd() {
    long generations = 0;
    for (int seed = 0; seed < SEEDS; seed++) {
      generations += new Run(seed).check();
    }
    assertTrue(generations > SEEDS * 5L, "only " + generations + " generations");
  }

  private static final class CallFailedException extends RuntimeException {
    private static final long serialVersionUID = 1;
  }

  /** One seed. */
  private static final class Run {
    private final int seed;
    private final Random random;
    private final List<Simulated> workers = new ArrayList<>();

    /** The generation that committed last, by slot. */
    private final long[] committed = new long[Slots.COUNT];

    private long now;
    private boolean faulty = true;
    private int names;
    private final InMemoryCoordination shared = new InMemoryCoordination(() -> now, STALE);

    private Run(int seed) {
      this.seed = seed;
      random = new Random(seed);
    }

    private long check() {
      for (int step = 0; step < FAULTY_STEPS; step++) {
        if (random.nextInt(20) == 0) {
          disturb();
        }
        pass();
      }
      faulty = false;
      workers.forEach(Simulated::recover);
      for (int step = 0; step < QUIET_STEPS; step++) {
        pass();
      }
      boolean[] served = new boolean[Slots.COUNT];
      for (Simulated worker : workers) {
        Assignment part = worker.working;
        if (part == null || worker.asked) {
          throw new AssertionError("seed " + seed + ": a worker has nothing to do");
        }
        part.slots().stream()
            .forEach(
                slot -> {
                  assertTrue(!served[slot], "seed " + seed + ": two have slot " + slot);
                  served[slot] = true;
                });
      }
      for (int slot = 0; slot < Slots.COUNT && !workers.isEmpty(); slot++) {
        assertTrue(served[slot], "seed " + seed + ": nobody has slot " + slot);
      }
      return shared.generation();
    }

    private void disturb() {
      int kind = random.nextInt(5);
      if (kind == 0 || workers.isEmpty()) {
        workers.add(new Simulated("worker-" + names++));
      } else {
        Simulated victim = workers.get(random.nextInt(workers.size()));
        switch (kind) {
          case 1 -> workers.remove(victim);
          case 2 -> victim.leaving = workers.size() > 1;
          case 3 -> victim.stoppedUntil = now + random.nextLong(2 * STALE);
          default -> victim.hangsUntil = now + random.nextLong(2 * HANDLER);
        }
        victim.disturbed |= kind >= 3;
      }
    }

    private void pass() {
      now += STEP;
      List.copyOf(workers).forEach(Simulated::step);
    }

    /** A worker, its work, and its way to the database. */
    private final class Simulated implements Work, Coordination {
      private final MemberProtocol protocol;
      private @Nullable Assignment working;

      /** To end its part, which it does for good, though later. */
      private boolean asked;

      private long batchEnds;
      private long stoppedUntil;
      private long hangsUntil;
      private long nextBeat;
      private boolean leaving;

      /** Since it began its part; others need not wait for it. */
      private boolean disturbed;

      private Simulated(String name) {
        protocol =
            new MemberProtocol(
                name,
                this,
                this,
                new MemberProtocol.Timing(STALE - 2 * HEARTBEAT, COORDINATION, HANDLER));
      }

      private void step() {
        if (now < stoppedUntil) {
          return;
        }
        // Woken in the middle of a batch, it commits before it looks at anything.
        commit();
        try {
          if (now >= nextBeat) {
            nextBeat = now + HEARTBEAT;
            protocol.beat(now);
          }
          if (!leaving) {
            protocol.step(now);
          } else if (protocol.leave()) {
            workers.remove(this);
          }
        } catch (CallFailedException e) {
          // Tried again in the next step.
        }
      }

      private void recover() {
        stoppedUntil = 0;
        hangsUntil = 0;
      }

      private void commit() {
        Assignment part = working;
        if (part == null || now < batchEnds || now < hangsUntil) {
          return;
        }
        batchEnds = now + random.nextLong(5 * STEP);
        if (part.generation() != shared.generation()) {
          // The fence refuses it.
          return;
        }
        part.slots().stream()
            .forEach(
                slot -> {
                  assertTrue(committed[slot] <= part.generation(), "seed " + seed);
                  committed[slot] = part.generation();
                });
      }

      @Override
      public void start(Assignment assignment) {
        assertEquals(null, working);
        for (Simulated other : workers) {
          Assignment older = other.working;
          assertTrue(
              older == null || older.generation() == assignment.generation() || other.disturbed,
              () -> "seed " + seed + ": " + older + " goes on beside " + assignment);
        }
        working = assignment;
        disturbed = now < hangsUntil;
        batchEnds = now;
      }

      @Override
      public boolean stop() {
        if (working != null && now < hangsUntil) {
          asked = true;
          return false;
        }
        working = null;
        asked = false;
        return true;
      }

      @Override
      public long stuckNanos(long nowNanos) {
        return working != null && nowNanos < hangsUntil ? nowNanos - batchEnds : 0;
      }

      private void mayFail() {
        if (faulty && random.nextInt(20) == 0) {
          throw new CallFailedException();
        }
      }

      @Override
      public void check() {}

      @Override
      public void join(String name) {
        mayFail();
        shared.join(name);
        mayFail();
      }

      @Override
      public boolean heartbeat(String name, boolean progressing) {
        mayFail();
        boolean known = shared.heartbeat(name, progressing);
        mayFail();
        return known;
      }

      @Override
      public void ready(String name, long generation) {
        mayFail();
        shared.ready(name, generation);
        mayFail();
      }

      @Override
      public Membership look() {
        mayFail();
        return shared.look();
      }

      @Override
      public boolean renew() {
        mayFail();
        boolean renewed = shared.renew();
        mayFail();
        return renewed;
      }

      @Override
      public void expel(String name, long generation) {
        mayFail();
        shared.expel(name, generation);
        mayFail();
      }

      @Override
      public void leave(String name) {
        mayFail();
        shared.leave(name);
        mayFail();
      }
    }
  }
}
