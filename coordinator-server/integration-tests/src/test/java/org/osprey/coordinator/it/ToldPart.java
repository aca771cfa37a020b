package org.osprey.coordinator.it;

import org.osprey.coordinator.core.Check;
import org.osprey.coordinator.core.Component;
import org.osprey.coordinator.core.Figures;
import org.osprey.coordinator.core.Measured;

/** A part of a coordinator that does nothing but tell numbers. */
record ToldPart(Measured metrics) implements Component, Measured {
  @Override
  public void tell(Figures figures) {
    metrics.tell(figures);
  }

  @Override
  public String prefix() {
    return metrics.prefix();
  }

  @Override
  public Check check() {
    return Check.ok("told", "");
  }

  @Override
  public void close() {}
}
