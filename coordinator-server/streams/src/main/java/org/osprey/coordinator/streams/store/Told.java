package org.osprey.coordinator.streams.store;

import static java.util.Objects.requireNonNull;

import com.google.errorprone.annotations.ThreadSafe;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.osprey.coordinator.streams.Hold;
import org.osprey.coordinator.streams.Ownership.Listener;
import org.osprey.coordinator.streams.Snapshot;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells the listener; what fails for one partition leaves the others alone. */
@ThreadSafe
final class Told {
  private static final Logger log = LoggerFactory.getLogger(Told.class);

  private volatile @Nullable Listener listener;

  void listener(Listener listener) {
    this.listener = listener;
  }

  /**
   * @throws NullPointerException when there is none
   */
  Listener listener() {
    return requireNonNull(listener, "tell() comes before start()");
  }

  /**
   * @return whether it went well
   */
  @SuppressWarnings("CatchingUnchecked") // see above
  boolean acquired(Hold hold, List<Snapshot> streams) {
    try {
      listener().acquired(hold, streams);
      return true;
    } catch (RuntimeException e) {
      log.error("partition cannot be run, will try again: partition={}", hold.partition(), e);
      return false;
    }
  }

  @SuppressWarnings("CatchingUnchecked") // see above
  void lost(Hold hold) {
    try {
      listener().lost(hold);
    } catch (RuntimeException e) {
      log.error("partition was not given up in order: partition={}", hold.partition(), e);
    }
  }
}
