package org.osprey.coordinator.core;

import java.util.List;

/** Remembers what it was told: for tests. */
public final class InMemoryAnnouncer implements Announcer {
  private List<Endpoint> announced = List.of();
  private boolean draining;

  @Override
  public synchronized void announce(List<Endpoint> endpoints) {
    announced = List.copyOf(endpoints);
  }

  @Override
  public synchronized void markDraining() {
    draining = true;
  }

  @Override
  public synchronized void withdraw() {
    announced = List.of();
  }

  @Override
  public synchronized Check check() {
    return Check.ok("announcer", "announced=" + announced + (draining ? ", draining" : ""));
  }

  public synchronized List<Endpoint> announced() {
    return announced;
  }

  public synchronized boolean isDraining() {
    return draining;
  }
}
