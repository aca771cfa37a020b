package org.osprey.coordinator.core;

import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.MDC;

/**
 * Has log lines say which trace they belong to. The ids are those of the W3C header {@code
 * traceparent}.
 */
final class TraceIds {
  private static final String TRACE_ID = "trace_id";
  private static final String SPAN_ID = "span_id";

  private TraceIds() {}

  /** Runs it on the calling thread, whose lines carry the ids meanwhile. */
  static void with(@Nullable Trace trace, Runnable task) {
    Object unused =
        get(
            trace,
            () -> {
              task.run();
              return task;
            });
  }

  /** As {@link #with}, for what has a result. */
  static <T> T get(@Nullable Trace trace, Supplier<T> task) {
    String parent = trace == null ? null : trace.headers().get("traceparent");
    String[] parts = parent == null ? new String[0] : parent.split("-", -1);
    if (parts.length < 4) {
      return task.get();
    }
    String outerTrace = put(TRACE_ID, parts[1]);
    String outerSpan = put(SPAN_ID, parts[2]);
    try {
      return task.get();
    } finally {
      put(TRACE_ID, outerTrace);
      put(SPAN_ID, outerSpan);
    }
  }

  /**
   * @return what was there
   */
  private static @Nullable String put(String key, @Nullable String value) {
    String before = MDC.get(key);
    if (value == null) {
      MDC.remove(key);
    } else {
      MDC.put(key, value);
    }
    return before;
  }
}
