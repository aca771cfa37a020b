package org.osprey.coordinator.tasks;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import org.osprey.coordinator.core.Action;
import org.osprey.coordinator.core.Check;
import org.osprey.coordinator.core.Delivery;
import org.osprey.coordinator.core.Intake;
import org.osprey.coordinator.core.Outcome;
import org.osprey.coordinator.core.Source;
import org.osprey.coordinator.core.Submissions.RefusedException;
import org.osprey.coordinator.core.Submissions.RefusedException.Reason;

/** A topic of one partition that is down, loses and repeats as the test says. */
final class FakeTopic implements Source, TaskTopic.Publisher {
  final List<String> messages = new CopyOnWriteArrayList<>();
  final Map<Integer, Outcome> outcomes = new ConcurrentHashMap<>();
  final Set<String> refused = ConcurrentHashMap.newKeySet();
  volatile @Nullable Reason refusal;
  volatile boolean losing;
  private volatile @Nullable Intake intake;

  @Override
  public CompletionStage<Void> publish(String taskId, String message) {
    Reason reason = refusal;
    if (reason != null) {
      refused.add(taskId);
      return CompletableFuture.failedFuture(new RefusedException(reason, "as told", null));
    }
    if (losing) {
      messages.add("lost");
    } else {
      deliver(add(message));
    }
    return CompletableFuture.completedFuture(null);
  }

  /** The offset of a new message. */
  synchronized int add(String message) {
    messages.add(message);
    return messages.size() - 1;
  }

  void deliver(int offset) {
    Intake reader = intake;
    if (reader == null) {
      return;
    }
    Action action =
        new Action(
            0,
            "task",
            Action.Encoding.JSON,
            messages.get(offset).getBytes(UTF_8),
            null,
            Instant.EPOCH);
    reader.offer(Delivery.async(action, "fake", null, new Handle(offset)));
  }

  @Override
  public void start(Intake reader) {
    intake = reader;
  }

  @Override
  public void setPaused(boolean paused) {}

  @Override
  public Check check() {
    return Check.ok("fake topic", "");
  }

  @Override
  public void close() {
    intake = null;
  }

  private final class Handle implements Delivery.Handle {
    private final int offset;

    private Handle(int offset) {
      this.offset = offset;
    }

    @Override
    public void finished(Outcome outcome) {
      outcomes.put(offset, outcome);
    }

    @Override
    public String origin() {
      return "topic=t partition=0 offset=" + offset;
    }
  }
}
