package org.osprey.coordinator.pubsub;

import com.google.errorprone.annotations.ThreadSafe;
import com.google.errorprone.annotations.concurrent.GuardedBy;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Logs once when something goes wrong and once when it is well again, however often it is told. */
@ThreadSafe
final class Outage {
  private static final Logger log = LoggerFactory.getLogger(Outage.class);

  private final String component;

  @GuardedBy("this")
  private @Nullable String trouble;

  Outage(String component) {
    this.component = component;
  }

  /**
   * @param now what is wrong, in words that stay the same while it is; null for nothing
   */
  synchronized void report(@Nullable String now) {
    if (now == null && trouble != null) {
      log.info("well again: component={} was=\"{}\"", component, trouble);
    }
    if (now != null && !now.equals(trouble)) {
      log.warn("in trouble, will go on trying: component={} trouble=\"{}\"", component, now);
    }
    trouble = now;
  }

  synchronized @Nullable String trouble() {
    return trouble;
  }
}
