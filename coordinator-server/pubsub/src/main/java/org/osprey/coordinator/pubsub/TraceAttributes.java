package org.osprey.coordinator.pubsub;

import java.util.Map;
import org.osprey.coordinator.core.Tracer;

/** Where a message says which trace it belongs to. */
final class TraceAttributes {
  /** Google's clients put their own span under names that begin like this. */
  private static final String CLIENT = "googclient_";

  private TraceAttributes() {}

  /** What the publishing client wrote is nearer than what its caller wrote, and goes first. */
  static Tracer.Headers of(Map<String, String> attributes) {
    return attributes.containsKey(CLIENT + "traceparent")
        ? name -> attributes.get(CLIENT + name)
        : attributes::get;
  }
}
