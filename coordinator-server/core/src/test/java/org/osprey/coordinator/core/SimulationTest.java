package org.osprey.coordinator.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

/**
 * Row R1 of the fault table. {@code -Dsimulation.seeds=10000} runs the nightly size, {@code
 * -Dsimulation.first=N -Dsimulation.seeds=1} replays one seed.
 */
class SimulationTest {
  private static final int STEPS = 2_000;

  @Test
  void nothingIsLostWhateverHappens() {
    long first = Long.getLong("simulation.first", 1);
    long seeds = Long.getLong("simulation.seeds", 300);
    long accepted = 0;
    long handOvers = 0;
    long duplicates = 0;
    for (long seed = first; seed < first + seeds; seed++) {
      Checker checker = runSeed(seed).checker();
      accepted += checker.accepted();
      handOvers += checker.handOvers();
      duplicates += checker.duplicates();
    }
    System.out.printf(
        "R1 seeds=%d steps=%d accepted=%d lost=0 hand_overs=%d duplicates=%d%n",
        seeds, STEPS, accepted, handOvers, duplicates);
    assertTrue(handOvers > accepted / 2, "the simulation hardly worked");
  }

  @Test
  void aSeedReplaysExactly() {
    assertEquals(new Simulation(42).run(STEPS), new Simulation(42).run(STEPS));
  }

  private static Simulation runSeed(long seed) {
    Simulation simulation = new Simulation(seed);
    try {
      simulation.run(STEPS);
    } catch (AssertionError | RuntimeException e) {
      throw new AssertionError("seed " + seed + ": " + e.getMessage(), e);
    }
    return simulation;
  }
}
