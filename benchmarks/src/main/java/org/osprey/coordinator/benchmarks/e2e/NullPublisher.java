package org.osprey.coordinator.benchmarks.e2e;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.osprey.coordinator.collectors.flow.Channel;
import org.osprey.coordinator.collectors.flow.Publisher;
import org.osprey.coordinator.core.Check;

/**
 * Says of every event that it arrived.
 *
 * @param window how many it takes before it is asked; none with 0
 */
record NullPublisher(int window) implements Publisher {
  static final int WINDOW = 4_096;

  @Override
  public Channel open(Runnable wake) {
    return new NullChannel(window);
  }

  @Override
  public Check check() {
    return Check.ok("null", "nothing is published");
  }

  @Override
  public void close() {}

  private static final class NullChannel implements Channel {
    private final int window;
    private final List<Outgoing> unsettled = new ArrayList<>();

    NullChannel(int window) {
      this.window = window;
    }

    @Override
    public int room() {
      return window - unsettled.size();
    }

    @Override
    public void send(List<Outgoing> events) {
      unsettled.addAll(events);
    }

    @Override
    public void settle(Settlements settlements, Duration atMost) {
      for (Outgoing event : unsettled) {
        settlements.published(event);
      }
      unsettled.clear();
    }

    @Override
    public int unsettled() {
      return unsettled.size();
    }

    @Override
    public List<Outgoing> abandon(Settlements settlements) {
      settle(settlements, Duration.ZERO);
      return List.of();
    }

    @Override
    public void close() {}
  }
}
