package org.osprey.coordinator.etcd;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.net.URI;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The v3 store: keys under one lease. The lease is renewed and its keys are compared at our own
 * times, because the client's keep-alive stream can end without a word.
 */
final class LeasedKeys implements InstanceRegistry {
  private static final long NONE = 0;

  private final EtcdSettings settings;
  private final Peers peers;

  /** Kept until etcd says that it is gone, so that no key is ever left under another one. */
  private long lease = NONE;

  @GuardedBy("this")
  private @Nullable PeerConnection connection;

  @GuardedBy("this")
  private boolean closed;

  LeasedKeys(EtcdSettings settings) {
    this.settings = settings;
    peers = new Peers(settings.peers());
  }

  /** Some requests to one peer. */
  private interface Exchange<T> {
    T with(PeerConnection connection) throws RegistryException;
  }

  @Override
  public String name() {
    return "v3";
  }

  @Override
  public void write(List<Instance> instances) throws RegistryException {
    ask(
        peer -> {
          if (lease == NONE || !peer.renew(lease)) {
            lease = peer.grant(settings.ttl());
          }
          for (Instance instance : instances) {
            if (!peer.holds(instance, lease)) {
              peer.put(instance, lease);
            }
          }
          return true;
        });
  }

  @Override
  public boolean holds(List<Instance> instances) throws RegistryException {
    return ask(
        peer -> {
          for (Instance instance : instances) {
            if (!peer.holds(instance, lease)) {
              return false;
            }
          }
          return true;
        });
  }

  /** Revokes the lease, and with it goes exactly what is ours. */
  @Override
  public void remove(List<Instance> instances) throws RegistryException {
    if (lease != NONE) {
      ask(peer -> peer.revoke(lease));
      lease = NONE;
    }
  }

  @Override
  public synchronized void close() {
    closed = true;
    disconnect();
  }

  private <T> T ask(Exchange<T> exchange) throws RegistryException {
    return peers.ask(peer -> ask(peer, exchange));
  }

  private <T> T ask(URI peer, Exchange<T> exchange) throws RegistryException {
    try {
      return exchange.with(connection(peer));
    } catch (RegistryException e) {
      // A new one knows nothing of back-offs that have grown to minutes, nor of old tokens.
      disconnect();
      throw e;
    }
  }

  private synchronized PeerConnection connection(URI peer) throws RegistryException {
    if (closed) {
      throw RegistryException.refused("closed", null);
    }
    if (connection == null || !connection.peer().equals(peer)) {
      disconnect();
      connection = PeerConnection.open(peer, settings);
    }
    return connection;
  }

  private synchronized void disconnect() {
    if (connection != null) {
      connection.close();
      connection = null;
    }
  }
}
