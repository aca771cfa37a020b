package org.osprey.coordinator.kafka;

import java.time.Duration;
import java.util.Objects;
import java.util.function.Supplier;
import org.apache.kafka.clients.producer.Producer;
import org.jspecify.annotations.Nullable;

/**
 * The producer in use, made when it is needed, and made anew after a failure from which it does not
 * come back. Belongs to a writer's loop, but for the methods that say otherwise.
 */
final class ProducerSlot {
  private final Supplier<Producer<byte[], byte[]>> factory;
  private volatile @Nullable Producer<byte[], byte[]> current;
  private volatile @Nullable Producer<byte[], byte[]> unusable;

  ProducerSlot(Supplier<Producer<byte[], byte[]>> factory) {
    this.factory = factory;
  }

  /** Throws what the factory throws when the configuration is no good. */
  Producer<byte[], byte[]> get() {
    Producer<byte[], byte[]> found = current;
    if (found != null && found.equals(unusable)) {
      close(Duration.ZERO);
      found = null;
    }
    if (found == null) {
      found = factory.get();
      current = found;
    }
    return found;
  }

  /**
   * Whether it is the one in use; null when there is none. One that was thrown away fails what it
   * had not written, which says nothing about the topic. From any thread.
   */
  boolean holds(@Nullable Producer<byte[], byte[]> producer) {
    return Objects.equals(producer, current);
  }

  /** The next {@link #get} makes another one. From any thread. */
  void giveUp(@Nullable Producer<byte[], byte[]> producer) {
    unusable = producer;
  }

  /** Writes what it can. May be repeated. */
  void close(Duration atMost) {
    Producer<byte[], byte[]> closing = current;
    unusable = null;
    current = null;
    if (closing != null) {
      closing.close(atMost);
    }
  }
}
