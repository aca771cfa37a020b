package org.osprey.coordinator.etcd;

import java.net.URI;
import java.util.List;
import java.util.stream.Collectors;
import org.osprey.coordinator.etcd.RegistryException.Kind;

/** Goes round the peers until one answers, and stays with that one. For one thread. */
final class Peers {
  private final List<URI> peers;
  private int current;

  Peers(List<URI> peers) {
    this.peers = peers;
  }

  /** Asks one peer. */
  @FunctionalInterface
  interface Call<T> {
    T on(URI peer) throws RegistryException;
  }

  /**
   * Asks each peer once, and the first one again at the end: its connection may just have been old.
   */
  <T> T ask(Call<T> call) throws RegistryException {
    for (int left = peers.size(); ; left--) {
      try {
        return call.on(peers.get(current));
      } catch (RegistryException e) {
        if (e.kind() == Kind.REFUSED || left == 0) {
          throw e;
        }
        current = (current + 1) % peers.size();
      }
    }
  }

  /** What nobody having answered is called; the same words each time. */
  static String noAnswer(List<URI> peers) {
    return "etcd.peers="
        + peers.stream().map(URI::toString).collect(Collectors.joining(","))
        + ": no answer";
  }
}
