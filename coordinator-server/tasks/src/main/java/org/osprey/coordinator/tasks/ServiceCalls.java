package org.osprey.coordinator.tasks;

import com.google.errorprone.annotations.ThreadSafe;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.osprey.coordinator.core.Figures;
import org.osprey.coordinator.core.Ticker;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The calls to one service that this coordinator has claimed: makes them, and writes down how they
 * ended. Never blocks. A result that cannot be written is forgotten: its request is given back and
 * called again with the same key.
 */
@ThreadSafe
final class ServiceCalls {
  private static final Logger log = LoggerFactory.getLogger(ServiceCalls.class);
  private static final String SERVICE = "service";

  private final ServiceSettings service;
  private final ServiceClient client;
  private final RequestTable requests;
  private final RetryPolicy retries;
  private final Breaker breaker;
  private final Ticker ticker;
  private final Listener listener;
  private final Map<Long, ClaimedRequest> held = new ConcurrentHashMap<>();
  private final CallCounts counts;

  /** Is told on any thread. */
  interface Listener {
    /** There is room for another call. */
    void roomFor(ServiceSettings service);

    void taskEnded(String taskId, Status status);
  }

  ServiceCalls(
      ServiceSettings service,
      ServiceClient client,
      RequestTable requests,
      RetryPolicy retries,
      Ticker ticker,
      Listener listener) {
    this.service = service;
    this.client = client;
    this.requests = requests;
    this.retries = retries;
    this.ticker = ticker;
    this.listener = listener;
    breaker = new Breaker(service.name());
    counts = new CallCounts(service.name());
  }

  ServiceSettings service() {
    return service;
  }

  /** How many more calls may be claimed now. */
  int room() {
    return Math.min(service.concurrency() - held.size(), breaker.permitted());
  }

  List<Long> held() {
    return List.copyOf(held.keySet());
  }

  void tell(Figures figures) {
    counts.tell(figures);
    figures.gauge("task_calls_out", "Calls that are under way.", held.size(), SERVICE, name());
    figures.gauge(
        "task_breaker_open",
        "1 while nothing is called because the service is down.",
        breaker.isOpen() ? 1 : 0,
        SERVICE,
        name());
  }

  private String name() {
    return service.name();
  }

  void start(ClaimedRequest request) {
    held.put(request.id(), request);
    Breaker.Permission permission = breaker.begin();
    if (permission == Breaker.Permission.NONE) {
      finish(request, requests.retry(request, "the service is down", Duration.ZERO, false));
      return;
    }
    finish(request, call(request, permission == Breaker.Permission.PROBE));
  }

  private CompletionStage<RequestTable.Ending> call(ClaimedRequest request, boolean probe) {
    long began = ticker.nanos();
    return client
        .call(service, request.items(), request.idempotencyKey())
        .thenCompose(
            attempt -> {
              counts.ended(attempt);
              breaker.end(!(attempt instanceof Attempt.Failed failed) || !failed.isOutage());
              Duration elapsed =
                  Duration.ofMillis(request.elapsedMillis()).plusNanos(ticker.nanos() - began);
              return write(request, attempt, probe, elapsed);
            });
  }

  private void finish(ClaimedRequest request, CompletionStage<RequestTable.Ending> stored) {
    stored.whenComplete((ending, failure) -> finished(request, ending, failure));
  }

  private CompletionStage<RequestTable.Ending> write(
      ClaimedRequest request, Attempt attempt, boolean probe, Duration elapsed) {
    return switch (attempt) {
      case Attempt.Succeeded succeeded -> requests.complete(request, succeeded.response());
      case Attempt.Refused refused -> requests.fail(request, refused.error());
      case Attempt.Failed failed -> {
        // Who only tries whether the service is back must not use up what others have left.
        boolean counts = !(probe && failed.isOutage());
        Duration wait = retries.next(service, request, failed, counts, elapsed);
        yield wait == null
            ? requests.fail(request, failed.error())
            : requests.retry(request, failed.error(), wait, counts);
      }
    };
  }

  private void finished(
      ClaimedRequest request, RequestTable.@Nullable Ending ending, @Nullable Throwable failure) {
    held.remove(request.id());
    if (failure != null) {
      log.warn(
          "the end of a call could not be stored, it will be made again: task_id={} service={}"
              + " cause=\"{}\"",
          request.taskId(),
          service.name(),
          failure.toString());
    } else if (ending != null && !ending.counted()) {
      counts.late();
    } else if (ending != null && ending.task() != null) {
      listener.taskEnded(request.taskId(), ending.task());
    }
    listener.roomFor(service);
  }
}
