package org.osprey.coordinator.tasks;

import java.util.ArrayList;
import java.util.List;
import org.osprey.coordinator.core.Check;
import org.osprey.coordinator.core.Component;
import org.osprey.coordinator.core.DeadLetters;
import org.osprey.coordinator.core.Source;
import org.osprey.coordinator.core.Supervised;
import org.osprey.coordinator.core.SupervisedLoop;
import org.osprey.coordinator.core.Ticker;

/** Reads tasks from a topic: those that coordinators published, and those that others did. */
public final class TaskConsumer implements Component, Supervised {
  private final Source source;
  private final TaskIntake intake;

  /**
   * @param tasks started before this and closed after it
   * @param source of actions whose payloads are the messages; started and closed by this
   * @param deadLetters for messages that are no tasks
   */
  public TaskConsumer(Tasks tasks, Source source, DeadLetters deadLetters, Ticker ticker) {
    this.source = source;
    intake = new TaskIntake(tasks, deadLetters, ticker);
  }

  @Override
  public void start() {
    intake.start();
    source.start(intake);
  }

  @Override
  public Check check() {
    Check landing = intake.check();
    return landing.healthy() ? source.check() : landing;
  }

  @Override
  public List<SupervisedLoop> loops() {
    List<SupervisedLoop> loops = new ArrayList<>(intake.loops());
    if (source instanceof Supervised supervised) {
      loops.addAll(supervised.loops());
    }
    return loops;
  }

  /** The source closes last, and so can say what is finished. */
  @Override
  public void close() {
    intake.close();
    source.close();
  }
}
