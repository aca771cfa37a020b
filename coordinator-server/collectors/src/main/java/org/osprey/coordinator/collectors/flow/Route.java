package org.osprey.coordinator.collectors.flow;

import org.jspecify.annotations.Nullable;
import org.osprey.coordinator.collector.Severity;

/**
 * Which events go where; the first route that fits an event decides.
 *
 * @param collector null for any
 * @param type a pattern in which {@code *} stands for any characters; null for any
 * @param severity the least that fits
 * @param target a subject, or the name of an action
 * @param sample the share of the events that fit which is kept, from 0 to 1
 */
public record Route(
    @Nullable String collector,
    @Nullable String type,
    Severity severity,
    Kind kind,
    String target,
    double sample) {

  /** Who takes the event. */
  public enum Kind {
    /**
     * NATS; {@code {collector}}, {@code {type}}, {@code {severity}} in the target are filled in.
     */
    SUBJECT,
    /** The coordinator's own queue of actions. */
    ACTION
  }
}
