package org.osprey.coordinator.collectors.nats;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.osprey.coordinator.collectors.nats.StreamSubjects.Snapshot;

/** Which way events of a subject go. Belongs to the worker. */
final class Ways {
  private static final int MOST_SUBJECTS = 1_000;

  private final JetStreamMode mode;
  private final StreamSubjects streams;
  private final Map<String, Way> bySubject = new HashMap<>();
  private @Nullable Snapshot of;

  /** How an event is sent. */
  enum Way {
    CORE,
    STREAM,
    /** Nobody has said yet whether a stream takes it. */
    UNKNOWN
  }

  Ways(JetStreamMode mode, StreamSubjects streams) {
    this.mode = mode;
    this.streams = streams;
  }

  Way of(String subject) {
    return switch (mode) {
      case ON -> Way.STREAM;
      case OFF -> Way.CORE;
      case AUTO -> found(subject);
    };
  }

  /** An event found no stream. */
  void askSoon() {
    if (mode == JetStreamMode.AUTO) {
      streams.askSoon();
    }
  }

  private Way found(String subject) {
    Snapshot now = streams.now();
    if (now == null) {
      return Way.UNKNOWN;
    }
    if (now != of || bySubject.size() > MOST_SUBJECTS) {
      bySubject.clear();
      of = now;
    }
    return bySubject.computeIfAbsent(subject, name -> now.takes(name) ? Way.STREAM : Way.CORE);
  }
}
