package org.osprey.coordinator.etcd;

import com.google.errorprone.annotations.ThreadSafe;
import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Turns a wish into what the stores shall hold, at an address that is found once. */
@ThreadSafe
final class Instances {
  private final EtcdSettings settings;

  @GuardedBy("this")
  private @Nullable String ownAddress;

  Instances(EtcdSettings settings) {
    this.settings = settings;
  }

  /** Blocks while the address is looked for. */
  List<Instance> of(Wish wish) {
    return switch (wish) {
      case Wish.Nothing nothing -> List.of();
      case Wish.Present present ->
          present.endpoints().stream()
              .map(
                  endpoint ->
                      Instance.of(endpoint, address(), settings.podIp(), present.draining()))
              .toList();
      case Wish.Gone gone -> List.of();
    };
  }

  private synchronized String address() {
    String podIp = settings.podIp();
    if (podIp != null) {
      return podIp;
    }
    if (ownAddress == null) {
      ownAddress = OwnAddress.find(settings.peers());
    }
    return ownAddress;
  }
}
