package org.osprey.coordinator.tracing;

import io.opentelemetry.api.common.AttributeKey;

/** The names of what spans say. Never contents of an action, which may be confidential. */
final class Attribute {
  /** In decimal, unsigned. */
  static final AttributeKey<String> ACTION_ID = AttributeKey.stringKey("osprey.action.id");

  static final AttributeKey<String> ACTION_NAME = AttributeKey.stringKey("osprey.action.name");
  static final AttributeKey<String> LANE = AttributeKey.stringKey("osprey.lane");
  static final AttributeKey<String> SOURCE = AttributeKey.stringKey("osprey.source");
  static final AttributeKey<Long> ATTEMPTS = AttributeKey.longKey("osprey.attempts");
  static final AttributeKey<Long> ATTEMPT = AttributeKey.longKey("osprey.attempt");
  static final AttributeKey<String> OUTCOME = AttributeKey.stringKey("osprey.outcome");
  static final AttributeKey<String> WORKER = AttributeKey.stringKey("osprey.worker");

  private Attribute() {}
}
