package org.osprey.coordinator.collectors.flow;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.osprey.coordinator.collectors.flow.Channel.Outgoing;

/** What a worker takes of one lane for one channel; used again and again. Belongs to the worker. */
final class Batch {
  private final @Nullable Encoded[] events = new @Nullable Encoded[Worker.BATCH];
  private int room;
  private int count;

  /** Empties it. */
  void reset(int roomOfChannel) {
    room = Math.min(roomOfChannel, Worker.BATCH);
    count = 0;
  }

  void take(Ring ring) {
    count = ring.take(events, room);
  }

  int count() {
    return count;
  }

  /** With the places they go to, and lets go of them. */
  List<Outgoing> outgoing(Router router) {
    List<Outgoing> outgoing = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      Encoded event = Objects.requireNonNull(events[i]);
      events[i] = null;
      Target target = router.target(event.type(), event.severity());
      outgoing.add(new Outgoing(event, target.destination()));
    }
    return outgoing;
  }
}
