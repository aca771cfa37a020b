package org.osprey.coordinator.collectors.config;

import java.util.Set;
import java.util.function.Supplier;
import org.osprey.coordinator.collector.Collector;
import org.osprey.coordinator.collector.CollectorContext;
import org.osprey.coordinator.collector.CollectorKind;

/** A kind whose collectors come from a test. */
public record FakeKind<C extends Record>(
    String name, C defaults, Set<String> ignored, Maker<C> maker) implements CollectorKind<C> {

  /** Makes them. */
  @FunctionalInterface
  public interface Maker<C> {
    Collector make(C config, CollectorContext context);
  }

  public static <C extends Record> FakeKind<C> of(String name, C defaults, Maker<C> maker) {
    return new FakeKind<>(name, defaults, Set.of(), maker);
  }

  /** Of collectors that do nothing. */
  public static <C extends Record> FakeKind<C> idle(String name, C defaults, String... ignored) {
    Supplier<Collector> idle = Idle::new;
    return new FakeKind<>(name, defaults, Set.of(ignored), (config, context) -> idle.get());
  }

  @Override
  public Collector create(C config, CollectorContext context) {
    return maker.make(config, context);
  }

  private static final class Idle implements Collector {
    @Override
    public void start(org.osprey.coordinator.collector.Emitter emitter) {}

    @Override
    public void close() {}
  }
}
