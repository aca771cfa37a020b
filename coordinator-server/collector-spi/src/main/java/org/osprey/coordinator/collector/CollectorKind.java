package org.osprey.coordinator.collector;

import java.util.Set;

/**
 * A kind of collector. Implementations have a public constructor without parameters, and are named
 * in {@code META-INF/services}.
 *
 * @param <C> its settings. The components are keys of {@code config} in snake case, with
 *     underscores where the record has capitals; they are of type String, int, long, double,
 *     boolean, {@link java.time.Duration}, an enum, a {@code List} of these, or a {@code Map} from
 *     String to these. Its compact constructor refuses what cannot be used with an {@link
 *     IllegalArgumentException}, whose message is shown beside the line of {@code config}
 */
public interface CollectorKind<C extends Record> {

  /** As the configuration names it, in lower case with hyphens. */
  String name();

  /** What applies for what is not set. */
  C defaults();

  /** Keys of {@code config} that others understand and this kind ignores, with a warning. */
  default Set<String> ignored() {
    return Set.of();
  }

  /** Does no I/O and starts no thread. */
  Collector create(C config, CollectorContext context);
}
