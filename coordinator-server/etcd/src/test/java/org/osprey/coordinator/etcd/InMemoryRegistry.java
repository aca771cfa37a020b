package org.osprey.coordinator.etcd;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;

/** Does what it is told to, and remembers what it was asked for. */
final class InMemoryRegistry implements InstanceRegistry {
  final List<String> calls = new CopyOnWriteArrayList<>();
  volatile List<Instance> entries = List.of();
  volatile @Nullable RegistryException failure;

  /** Calls that were begun wait for this when it is there. */
  volatile @Nullable CountDownLatch frozen;

  private final String name;

  InMemoryRegistry(String name) {
    this.name = name;
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public void write(List<Instance> instances) throws RegistryException {
    called("write");
    entries = List.copyOf(instances);
  }

  @Override
  public boolean holds(List<Instance> instances) throws RegistryException {
    called("holds");
    return entries.equals(instances);
  }

  @Override
  public void remove(List<Instance> instances) throws RegistryException {
    called("remove");
    List<Instance> left = new ArrayList<>(entries);
    left.removeIf(entry -> instances.stream().anyMatch(gone -> gone.key().equals(entry.key())));
    entries = left;
  }

  @Override
  public void close() {
    calls.add("close");
    CountDownLatch latch = frozen;
    if (latch != null) {
      latch.countDown();
    }
  }

  /** The calls since the last look. */
  List<String> takeCalls() {
    List<String> taken = List.copyOf(calls);
    calls.clear();
    return taken;
  }

  private void called(String call) throws RegistryException {
    calls.add(call);
    CountDownLatch latch = frozen;
    if (latch != null) {
      try {
        latch.await();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
    RegistryException thrown = failure;
    if (thrown != null) {
      throw thrown;
    }
  }
}
