package org.osprey.coordinator.http;

import org.osprey.coordinator.core.Check;
import org.osprey.coordinator.core.Intake;
import org.osprey.coordinator.core.Source;

/** Does what it is told, and has no actions. */
final class FakeSource implements Source {
  volatile boolean paused;
  volatile Check check = Check.ok("orders", "connected");

  @Override
  public void start(Intake intake) {}

  @Override
  public void setPaused(boolean paused) {
    this.paused = paused;
  }

  @Override
  public Check check() {
    return check;
  }

  @Override
  public void close() {}
}
