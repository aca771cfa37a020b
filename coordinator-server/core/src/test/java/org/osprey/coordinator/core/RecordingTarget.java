package org.osprey.coordinator.core;

import java.util.ArrayList;
import java.util.List;

/** Remembers what it was given. */
final class RecordingTarget implements Target {
  final List<Lease> leases = new ArrayList<>();
  int ends;

  @Override
  public void lease(Lease lease) {
    leases.add(lease);
  }

  @Override
  public void end() {
    ends++;
  }

  Lease last() {
    return leases.getLast();
  }

  List<Long> actionIds() {
    return leases.stream().map(lease -> lease.action().id()).toList();
  }
}
