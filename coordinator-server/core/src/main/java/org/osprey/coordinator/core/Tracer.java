package org.osprey.coordinator.core;

import org.jspecify.annotations.Nullable;

/**
 * Begins the traces of deliveries. A coordinator without one traces nothing and spends nothing on
 * it. Safe for use by many threads; never blocks.
 */
@FunctionalInterface
public interface Tracer {

  /**
   * A source has an action and is about to offer it.
   *
   * @param lane whether a caller waits for it
   * @param source as operators know it
   * @param receivedAt {@link Ticker} nanoseconds
   * @param headers what came with the action
   */
  Trace begin(Action action, Lane lane, String source, long receivedAt, Headers headers);

  /** Headers, attributes or metadata of a message or call. */
  @FunctionalInterface
  interface Headers {
    /** The value in UTF-8, or null when there is none of that name. */
    @Nullable String get(String name);
  }
}
