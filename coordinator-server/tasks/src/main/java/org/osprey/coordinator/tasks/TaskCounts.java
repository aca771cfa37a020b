package org.osprey.coordinator.tasks;

import com.google.errorprone.annotations.ThreadSafe;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;
import org.osprey.coordinator.core.Figures;
import org.osprey.coordinator.core.Measured;

/** How many tasks began and ended at this coordinator, since its start. */
@ThreadSafe
final class TaskCounts implements Measured {
  @SuppressWarnings("ThreadSafe") // it is
  private final LongAdder accepted = new LongAdder();

  @SuppressWarnings("ThreadSafe") // never changed once it is full
  private final Map<Status, LongAdder> ends = new EnumMap<>(Status.class);

  TaskCounts() {
    for (Status status : Status.values()) {
      if (status.ended()) {
        ends.put(status, new LongAdder());
      }
    }
  }

  void accepted() {
    accepted.increment();
  }

  void ended(Status status) {
    LongAdder count = ends.get(status);
    if (count != null) {
      count.increment();
    }
  }

  @Override
  public void tell(Figures figures) {
    figures.counter("tasks_accepted", "Tasks that were stored.", accepted.sum());
    ends.forEach(
        (status, count) ->
            figures.counter(
                "tasks_ended",
                "Tasks whose last request ended here, by how they ended.",
                count.sum(),
                "status",
                status.name().toLowerCase(Locale.ROOT)));
  }
}
