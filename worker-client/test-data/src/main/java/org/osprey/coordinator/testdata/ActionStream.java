package org.osprey.coordinator.testdata;

import java.time.Duration;
import org.slf4j.Logger;

/** Sends actions at a rate, and says now and then how many. */
final class ActionStream {
  private static final long SECOND = Duration.ofSeconds(1).toNanos();

  private final Settings settings;
  private final SampleActions actions;
  private final Tally tally;
  private final Logger log;

  /**
   * @param rate actions per second
   * @param report between two lines with counts
   */
  record Settings(double rate, Duration report) {

    static Settings read(Variables variables) {
      return new Settings(
          variables.number("TEST_DATA_RATE", 5, 0.001, 100_000),
          Duration.ofSeconds(variables.whole("TEST_DATA_REPORT_SECS", 10, 1, 86_400)));
    }

    String rateText() {
      return rate == Math.rint(rate) ? Long.toString(Math.round(rate)) : Double.toString(rate);
    }

    long nanosBetween() {
      return Math.round(SECOND / rate);
    }
  }

  ActionStream(Settings settings, SampleActions actions, Tally tally, Logger log) {
    this.settings = settings;
    this.actions = actions;
    this.tally = tally;
    this.log = log;
  }

  /** Returns when it was told to stop. */
  void run(Destination destination, Stop stop) throws InterruptedException {
    long due = System.nanoTime();
    long report = due + settings.report().toNanos();
    while (!stop.within(due - System.nanoTime())) {
      tally.sent();
      destination.send(actions.next());
      long now = System.nanoTime();
      if (now - report >= 0) {
        log.info("test data: {}", tally.words());
        report = now + settings.report().toNanos();
      }
      due = next(due, now);
    }
  }

  /** Who is late by more than a second goes on from now: a burst would say nothing. */
  private long next(long due, long now) {
    return now - due > SECOND ? now : due + settings.nanosBetween();
  }
}
