package org.osprey.coordinator.replica.member;

import java.time.Duration;

class InMemoryCoordinationTest extends CoordinationContract {

  @Override
  Coordination coordination(Duration stale) {
    return new InMemoryCoordination(System::nanoTime, stale.toNanos());
  }
}
