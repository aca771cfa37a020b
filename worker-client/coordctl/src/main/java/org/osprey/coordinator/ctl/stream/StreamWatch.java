package org.osprey.coordinator.ctl.stream;

import java.util.List;
import org.osprey.coordinator.ctl.api.Events;
import org.osprey.coordinator.ctl.api.Field;
import org.osprey.coordinator.ctl.console.Failure;
import tools.jackson.databind.JsonNode;

/** Prints what a stream tells. Belongs to the thread that runs it; {@link #stop} is for others. */
public final class StreamWatch {
  private final Events events;
  private final StreamLines lines;
  private final boolean all;
  private final Thread thread = Thread.currentThread();
  private List<String> printed = List.of();

  /**
   * @param all every update, not only changes of the scene, the mode and the loop
   */
  public StreamWatch(Events events, StreamLines lines, boolean all) {
    this.events = events;
    this.lines = lines;
    this.all = all;
  }

  /**
   * Returns when the stream is complete, when this is stopped, or when nobody reads any more.
   *
   * @throws Failure when the coordinator tells no more before that
   */
  public void run() {
    try {
      boolean goesOn = true;
      while (goesOn) {
        goesOn = show(events.next("state"));
      }
    } catch (InterruptedException e) {
      // It was told to stop.
    }
  }

  public void stop() {
    thread.interrupt();
  }

  /** Whether another may follow. */
  private boolean show(JsonNode state) {
    List<String> change =
        List.of(
            Field.text(state, "mode"),
            Field.text(state, "current_scene"),
            Field.text(state, "scene_index"),
            Field.text(state, "loop"),
            Field.text(state, "epoch"));
    boolean read = true;
    if (all || !change.equals(printed)) {
      read = lines.print(state);
      printed = change;
    }
    return read && !Field.yes(state, "is_complete");
  }
}
