package org.osprey.coordinator.streams;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.osprey.coordinator.core.Check;

/** One coordinator has everything, or nobody has. */
final class FakeOwnership implements Ownership {
  volatile @Nullable String owner;
  volatile List<String> instances = List.of("me");

  FakeOwnership(@Nullable String owner) {
    this.owner = owner;
  }

  @Override
  public void tell(Listener listener) {}

  @Override
  public @Nullable String owner(int partition) {
    return owner;
  }

  @Override
  public long heldUntil(Hold hold) {
    return Long.MIN_VALUE;
  }

  @Override
  public List<String> instances() {
    return instances;
  }

  @Override
  public Check check() {
    return Check.ok("fake ownership", "");
  }

  @Override
  public void close() {}
}
