package org.osprey.coordinator.collectors.builtin;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.osprey.coordinator.collector.Emitter;
import org.osprey.coordinator.collector.Event;
import org.osprey.coordinator.collector.Payload;

/** Keeps what is emitted, and settles it at once or when it is told to. */
public final class RecordingEmitter implements Emitter {
  private final List<Event> events = new ArrayList<>();
  private final List<Runnable> unsettled = new ArrayList<>();
  private boolean holding;

  @Override
  public synchronized void emit(Event event, Runnable settled) {
    events.add(event);
    if (holding) {
      unsettled.add(settled);
    } else {
      settled.run();
    }
  }

  /** From now on nothing is settled but by {@link #settle}. */
  public synchronized void hold() {
    holding = true;
  }

  /** Settles one of those that are held, counted from the oldest. */
  public synchronized void settle(int which) {
    unsettled.remove(which).run();
  }

  /** What was emitted since it was asked last. */
  public synchronized List<Event> take() {
    List<Event> taken = List.copyOf(events);
    events.clear();
    return taken;
  }

  public List<Event> take(String type) {
    return take().stream().filter(event -> event.type().equals(type)).toList();
  }

  public List<String> takeTypes() {
    return take().stream().map(Event::type).toList();
  }

  public static String attribute(Event event, String key) {
    return Objects.requireNonNull(
        event.attributes().get(key), () -> key + " in " + event.attributes());
  }

  public static String text(Event event) {
    return ((Payload.Text) event.payload()).text();
  }
}
