package org.osprey.coordinator.tasks;

import com.google.errorprone.annotations.ThreadSafe;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.osprey.coordinator.core.Figures;
import org.osprey.coordinator.core.Rate;
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
  private final CallTarget target;
  private final Finishes finishes;
  private final RetryPolicy retries;
  private final Breaker breaker;
  private final Rate rate;
  private final Ticker ticker;
  private final Listener listener;
  private final Map<Long, CompletableFuture<Attempt>> held = new ConcurrentHashMap<>();
  private final CallCounts counts;

  /** Ticker nanoseconds: the target could begin nothing, so nothing is claimed before. */
  private volatile long resumeAt;

  private volatile boolean closed;

  /** Is told on any thread. */
  interface Listener {
    /** There is room for another call. */
    void roomFor(ServiceSettings service);

    void taskEnded(String taskId, Status status);
  }

  ServiceCalls(
      ServiceSettings service,
      CallTarget target,
      Finishes finishes,
      RetryPolicy retries,
      Ticker ticker,
      Listener listener) {
    this.service = service;
    this.target = target;
    this.finishes = finishes;
    this.retries = retries;
    this.ticker = ticker;
    this.listener = listener;
    breaker = new Breaker(service.name());
    rate = new Rate(service.rate(), ticker);
    counts = new CallCounts(service.name());
    resumeAt = ticker.nanos();
  }

  ServiceSettings service() {
    return service;
  }

  /** How many more calls may be claimed now. */
  int room() {
    if (resumeAt - ticker.nanos() > 0) {
      return 0;
    }
    int free = Math.min(service.concurrency() - held.size(), breaker.permitted());
    return Math.min(free, rate.available());
  }

  List<Long> held() {
    return List.copyOf(held.keySet());
  }

  void tell(Figures figures) {
    counts.tell(figures);
    figures.gauge("task_calls_out", "Calls that are under way.", held.size(), SERVICE, name());
    figures.gauge(
        "task_breaker_open",
        "1 while the service is taken to be down.",
        breaker.isOpen() ? 1 : 0,
        SERVICE,
        name());
  }

  private String name() {
    return service.name();
  }

  /** Calls that are cut off from now on are given back as if they had not been made. */
  void close() {
    closed = true;
  }

  void start(ClaimedRequest request) {
    rate.spend(1);
    Breaker.Permission permission = breaker.begin();
    if (permission == Breaker.Permission.NONE) {
      CompletableFuture<Attempt> none = new CompletableFuture<>();
      held.put(request.id(), none);
      Finish untouched = Finish.again(request, "the service is down", Duration.ZERO, false);
      finish(request, none, finishes.write(untouched));
      return;
    }
    long began = ticker.nanos();
    CompletableFuture<Attempt> call = target.call(request);
    held.put(request.id(), call);
    finish(request, call, call.thenCompose(attempt -> ended(request, permission, attempt, began)));
  }

  /** Those of the requests that are being called are not waited for any more. */
  void abort(Collection<Long> requestIds) {
    for (Long id : requestIds) {
      CompletableFuture<Attempt> call = held.get(id);
      if (call != null) {
        call.complete(new Attempt.Aborted());
      }
    }
  }

  private CompletionStage<RequestTable.Ending> ended(
      ClaimedRequest request, Breaker.Permission permission, Attempt attempt, long began) {
    counts.ended(attempt);
    tellBreaker(permission, attempt);
    boolean probe = permission == Breaker.Permission.PROBE;
    Duration elapsed = Duration.ofMillis(request.elapsedMillis()).plusNanos(ticker.nanos() - began);
    Finish finish = end(request, attempt, probe, elapsed);
    return finish == null
        ? CompletableFuture.completedStage(RequestTable.Ending.NONE)
        : finishes.write(finish);
  }

  private void tellBreaker(Breaker.Permission permission, Attempt attempt) {
    if (attempt instanceof Attempt.Postponed || attempt instanceof Attempt.Aborted) {
      breaker.leave(permission);
    } else {
      breaker.end(permission, !(attempt instanceof Attempt.Failed failed) || !failed.isOutage());
    }
  }

  private void finish(
      ClaimedRequest request,
      CompletableFuture<Attempt> call,
      CompletionStage<RequestTable.Ending> stored) {
    stored.whenComplete(
        (ending, failure) -> {
          held.remove(request.id(), call);
          finished(request, ending, failure);
        });
  }

  private @Nullable Finish end(
      ClaimedRequest request, Attempt attempt, boolean probe, Duration elapsed) {
    return switch (attempt) {
      case Attempt.Succeeded succeeded -> Finish.completed(request, succeeded.response());
      case Attempt.Refused refused -> Finish.failed(request, refused.error());
      case Attempt.Aborted aborted -> null;
      case Attempt.Postponed postponed -> {
        Duration wait = retries.postponement(service);
        resumeAt = ticker.nanos() + wait.toNanos();
        yield Finish.again(request, postponed.error(), wait, false);
      }
      case Attempt.Failed failed when !service.repeatUnknown() && failed.isUnknown() ->
          Finish.failed(request, failed.error() + "; it may have been carried out");
      case Attempt.Failed failed when closed ->
          Finish.again(request, "the coordinator ended", Duration.ZERO, false);
      case Attempt.Failed failed -> {
        // Nobody was there, or it was only to find out whether somebody is: that uses up nothing.
        boolean usesUp =
            failed.kind() != Attempt.Failed.Kind.NOT_REACHED && !(probe && failed.isOutage());
        Duration wait = retries.next(service, request, failed, usesUp, elapsed);
        yield wait == null
            ? Finish.failed(request, failed.error())
            : Finish.again(request, failed.error(), wait, usesUp);
      }
    };
  }

  private void finished(
      ClaimedRequest request, RequestTable.@Nullable Ending ending, @Nullable Throwable failure) {
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
