package org.osprey.coordinator.collectors.builtin;

import com.google.errorprone.annotations.ThreadSafe;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.osprey.coordinator.collector.CollectorContext;
import org.osprey.coordinator.collector.Emitter;
import org.osprey.coordinator.collector.Event;
import org.osprey.coordinator.collector.Health;
import org.osprey.coordinator.collector.Payload;
import org.osprey.coordinator.collector.Severity;

/**
 * What a collector cannot do at the moment, by subject. Emits one event when something begins to
 * fail or fails for another reason, and one when it works again, however often it is told. One
 * subject is told of by one thread.
 */
@ThreadSafe
public final class Troubles {
  private final String failedType;
  private final String recoveredType;
  private final CollectorContext context;
  private final Map<String, Trouble> troubles = new ConcurrentHashMap<>();

  /**
   * @param kind begins the types {@code <kind>.failed} and {@code <kind>.recovered}
   */
  public Troubles(String kind, CollectorContext context) {
    this.failedType = kind + ".failed";
    this.recoveredType = kind + ".recovered";
    this.context = context;
  }

  /**
   * @param reason in words that stay the same while it is so
   * @param attributes of the event, beside the reason
   */
  public void failed(Emitter emitter, String subject, String reason, Map<String, String> attributes)
      throws InterruptedException {
    Trouble before = troubles.get(subject);
    boolean told = before != null && before.reason.equals(reason);
    troubles.put(subject, new Trouble(reason, before == null ? 1 : before.times + 1));
    if (!told) {
      emit(emitter, failedType, Severity.WARNING, attributes, "reason", reason);
    }
  }

  public void worked(Emitter emitter, String subject, Map<String, String> attributes)
      throws InterruptedException {
    Trouble before = troubles.remove(subject);
    if (before != null) {
      String failures = Integer.toString(before.times);
      emit(emitter, recoveredType, Severity.INFO, attributes, "failures", failures);
    }
  }

  /** It is not watched any more. */
  public void forget(String subject) {
    troubles.remove(subject);
  }

  /**
   * @param detail what to say while nothing is wrong
   */
  public Health health(String detail) {
    Map.@Nullable Entry<String, Trouble> first =
        troubles.entrySet().stream().min(Map.Entry.comparingByKey()).orElse(null);
    if (first == null) {
      return Health.ok(detail);
    }
    int others = troubles.size() - 1;
    String more = others > 0 ? ", and %d more".formatted(others) : "";
    return Health.failed(first.getKey() + ": " + first.getValue().reason + more);
  }

  private void emit(
      Emitter emitter,
      String type,
      Severity severity,
      Map<String, String> attributes,
      String key,
      String value)
      throws InterruptedException {
    Map<String, String> all = new HashMap<>(attributes);
    all.put(key, value);
    emitter.emit(new Event(type, severity, context.clock().instant(), all, Payload.NONE));
  }

  /**
   * @param times it failed in a row
   */
  private record Trouble(String reason, int times) {}
}
