package org.osprey.coordinator.tasks;

import java.time.Duration;
import java.util.concurrent.CompletionStage;

/**
 * A topic through which tasks go to whoever works on them.
 *
 * @param republishAfter how long after its publication a task that nobody has read is published
 *     again: the topic may have lost it
 */
public record TaskTopic(Publisher publisher, Duration republishAfter) {

  /** Writes to the topic. */
  @FunctionalInterface
  public interface Publisher {

    /**
     * Never blocks.
     *
     * @param taskId messages about one task keep their order
     * @param message JSON
     * @return completes when the topic has it for good, and fails with {@link
     *     org.osprey.coordinator.core.Submissions.RefusedException}
     */
    CompletionStage<Void> publish(String taskId, String message);
  }
}
