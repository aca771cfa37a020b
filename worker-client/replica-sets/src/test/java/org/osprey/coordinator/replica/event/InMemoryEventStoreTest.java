package org.osprey.coordinator.replica.event;

import java.time.InstantSource;

class InMemoryEventStoreTest extends EventStoreContract {

  @Override
  EventStore store() {
    return new InMemoryEventStore(InstantSource.system());
  }
}
