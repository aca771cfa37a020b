package org.osprey.coordinator.etcd;

import java.net.URI;
import java.util.List;

/** The v2 store: keys with a time to live of their own, over HTTP. */
final class ExpiringKeys implements InstanceRegistry {
  private final EtcdSettings settings;
  private final Peers peers;
  private final KeysApi api;

  ExpiringKeys(EtcdSettings settings) {
    this.settings = settings;
    peers = new Peers(settings.peers());
    api = new KeysApi(settings);
  }

  @Override
  public String name() {
    return "v2";
  }

  @Override
  public void write(List<Instance> instances) throws RegistryException {
    for (Instance instance : instances) {
      peers.ask(peer -> put(peer, instance));
    }
  }

  @Override
  public boolean holds(List<Instance> instances) throws RegistryException {
    for (Instance instance : instances) {
      KeysAnswer answer = peers.ask(peer -> api.get(peer, instance.key()));
      if (!instance.value().equals(answer.value())) {
        return false;
      }
    }
    return true;
  }

  @Override
  public void remove(List<Instance> instances) throws RegistryException {
    for (Instance instance : instances) {
      peers.ask(peer -> api.delete(peer, instance.key()));
    }
  }

  @Override
  public void close() {
    api.close();
  }

  private KeysAnswer put(URI peer, Instance instance) throws RegistryException {
    return api.put(peer, instance.key(), instance.value(), settings.ttl());
  }
}
