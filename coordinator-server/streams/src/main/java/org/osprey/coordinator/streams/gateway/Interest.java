package org.osprey.coordinator.streams.gateway;

import io.javalin.http.Context;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.osprey.coordinator.http.ProblemException;
import org.osprey.coordinator.proto.streams.v1.StateUpdate;

/**
 * What of a stream one wants to be told, beside changes of the scene and of the mode.
 *
 * @param changesOnly nothing
 * @param step only when the progress has moved by so many points; 0 for any
 * @param between at most one update in this time, in nanoseconds; 0 for all
 */
record Interest(boolean changesOnly, int step, long between) {
  private static final int MOST_POINTS = 100;
  private static final int MOST_PER_SECOND = 1000;

  /**
   * @throws ProblemException naming the parameter that is wrong
   */
  static Interest of(Context context) {
    String filter = context.queryParam("filter");
    if (filter != null && !filter.equals("scenes")) {
      throw ProblemException.badRequest("filter: want scenes or nothing");
    }
    int rate = number("rate", context.queryParam("rate"), MOST_PER_SECOND);
    return new Interest(
        filter != null,
        number("progress", context.queryParam("progress"), MOST_POINTS),
        rate == 0 ? 0 : Duration.ofSeconds(1).toNanos() / rate);
  }

  boolean isEverything() {
    return !changesOnly && step == 0 && between == 0;
  }

  /**
   * @param last what it was told last
   * @param since nanoseconds since then
   */
  boolean wants(StateUpdate last, StateUpdate now, long since) {
    if (changed(last, now)) {
      return true;
    }
    double moved = Math.abs(now.getProgressPercentage() - last.getProgressPercentage());
    return !changesOnly && moved >= step && since >= between;
  }

  private static boolean changed(StateUpdate last, StateUpdate now) {
    return last.getMode() != now.getMode() || entered(last, now);
  }

  /** Whether another scene is on, or the same one again. */
  static boolean entered(StateUpdate last, StateUpdate now) {
    return last.getSceneIndex() != now.getSceneIndex()
        || last.getLoop() != now.getLoop()
        || last.hasCurrentScene() != now.hasCurrentScene()
        || !last.getCurrentScene().equals(now.getCurrentScene());
  }

  private static int number(String name, @Nullable String text, int most) {
    if (text == null) {
      return 0;
    }
    int number = text.matches("[0-9]{1,4}") ? Integer.parseInt(text) : 0;
    if (number < 1 || number > most) {
      throw ProblemException.badRequest(
          "%s: want a whole number from 1 to %d".formatted(name, most));
    }
    return number;
  }
}
