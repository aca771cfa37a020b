package org.osprey.coordinator.worker;

import io.grpc.Status;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Says once that a target is lost and once that it is back, however many streams notice and however
 * often they try in between. Belongs to the timer's thread.
 */
final class OutageLog {
  private static final Logger log = LoggerFactory.getLogger(StreamWorker.class);

  private final String target;
  private final Timer timer;
  private @Nullable Long sinceNanos;

  OutageLog(String target, Timer timer) {
    this.target = target;
    this.timer = timer;
  }

  void failed(Status status) {
    if (sinceNanos == null) {
      sinceNanos = timer.nanoTime();
      log.warn("coordinator not available, will keep trying: target={} {}", target, text(status));
    }
  }

  void proven() {
    if (sinceNanos != null) {
      Duration outage = Duration.ofNanos(timer.nanoTime() - sinceNanos);
      sinceNanos = null;
      log.info("coordinator back: target={} outage_ms={}", target, outage.toMillis());
    }
  }

  private static String text(Status status) {
    String description = status.getDescription() == null ? "" : " " + status.getDescription();
    // Behind the first line gRPC lists the handlers of its pipeline.
    String first = description.lines().findFirst().orElse("");
    Throwable cause = status.getCause();
    return "status=" + status.getCode() + first + (cause == null ? "" : ": " + root(cause));
  }

  private static String root(Throwable cause) {
    Throwable root = cause;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    return root.getMessage() == null ? root.getClass().getName() : root.getMessage();
  }
}
