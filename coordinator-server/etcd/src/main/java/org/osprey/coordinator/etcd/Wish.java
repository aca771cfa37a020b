package org.osprey.coordinator.etcd;

import java.util.List;
import org.osprey.coordinator.core.Announcer.Endpoint;

/**
 * What etcd shall say about this coordinator. It moves from {@link Nothing} by way of {@link
 * Present} to {@link Gone}, never back, and {@code Present} once from serving to draining.
 */
sealed interface Wish {

  /** Not announced yet. */
  record Nothing(boolean draining) implements Wish {}

  /**
   * @param notBefore by the ticker
   */
  record Present(List<Endpoint> endpoints, boolean draining, long notBefore) implements Wish {}

  /** Taken back, for good. */
  record Gone() implements Wish {}

  default Wish announced(List<Endpoint> endpoints, long notBefore) {
    return switch (this) {
      case Nothing nothing -> new Present(List.copyOf(endpoints), nothing.draining, notBefore);
      case Present present ->
          throw new IllegalStateException("announced already: " + present.endpoints);
      case Gone gone -> gone;
    };
  }

  default Wish drained() {
    return switch (this) {
      case Nothing nothing -> new Nothing(true);
      case Present present -> new Present(present.endpoints, true, present.notBefore);
      case Gone gone -> gone;
    };
  }
}
