package org.osprey.coordinator.collector;

/** What an event is about, beside its attributes. */
public sealed interface Payload {

  /** Nothing but attributes. */
  Payload NONE = new None();

  /**
   * @param json one JSON value in UTF-8, which is passed on as it is; handed over, not copied
   */
  static Payload json(byte[] json) {
    return new Json(json);
  }

  static Payload text(String text) {
    return new Text(text);
  }

  record None() implements Payload {}

  /**
   * @param bytes one JSON value in UTF-8
   */
  @SuppressWarnings("ArrayRecordComponent") // a copy of each event would cost more than it protects
  record Json(byte[] bytes) implements Payload {}

  record Text(String text) implements Payload {}
}
