package org.osprey.coordinator.collectors.config;

import org.jspecify.annotations.Nullable;
import org.osprey.coordinator.collector.Collector;
import org.osprey.coordinator.collector.CollectorContext;
import org.osprey.coordinator.collector.CollectorKind;
import org.osprey.coordinator.collectors.flow.LaneSettings;

/**
 * A collector that is configured. Two that are equal run alike.
 *
 * @param kindName as it was written
 * @param made how to make it; null when there is no such kind, which a disabled one may have
 */
public record CollectorConfig(
    String name,
    boolean enabled,
    String kindName,
    @Nullable Made made,
    LaneSettings lane,
    OnStartError onStartError) {

  /**
   * A kind, and settings that bound to its record. Kinds are the same object as long as the process
   * lives.
   */
  public record Made(CollectorKind<?> kind, Record settings) {

    /** Runs code of the kind, which may throw anything. */
    public Collector create(CollectorContext context) {
      return create(kind, context);
    }

    @SuppressWarnings("unchecked") // the settings were bound to the type of the kind's defaults
    private <C extends Record> Collector create(CollectorKind<C> kind, CollectorContext context) {
      return kind.create((C) settings, context);
    }
  }

  /** Whether both run alike, enabled or not. */
  public boolean runsLike(CollectorConfig other) {
    return equals(
        new CollectorConfig(
            other.name, enabled, other.kindName, other.made, other.lane, other.onStartError));
  }

  /** Why it cannot run; null when it can, as far as is known before it does. */
  public @Nullable String refusal() {
    if (made == null) {
      return "there is no kind \"%s\"".formatted(kindName);
    }
    return Trial.refusal(name, made);
  }
}
