package org.osprey.coordinator.it;

import com.google.common.util.concurrent.FutureCallback;
import com.google.common.util.concurrent.Futures;
import com.google.common.util.concurrent.ListenableFuture;
import com.google.common.util.concurrent.MoreExecutors;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.osprey.coordinator.proto.sync_action.v1.ProcessActionResponse;

/**
 * Callers who wait, and how each of their calls ended. An answer that is not the action's own
 * counts as {@link Status.Code#DATA_LOSS}.
 */
final class SyncLoad {
  private final Caller caller;
  private final AtomicLong ids;
  private final Collection<Ended> ended = new ConcurrentLinkedQueue<>();

  private record Ended(Status.Code code, long took) {}

  SyncLoad(Caller caller) {
    this(caller, 1);
  }

  /**
   * @param firstId of the actions
   */
  SyncLoad(Caller caller, long firstId) {
    this.caller = caller;
    ids = new AtomicLong(firstId);
  }

  /** So many callers, each of whom calls again when it has its answer; blocks that long. */
  SyncLoad callAgain(int callers, BooleanSupplier enough) {
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < callers; i++) {
      threads.add(Thread.ofVirtual().start(() -> callAgain(enough)));
    }
    for (Thread thread : threads) {
      try {
        thread.join();
      } catch (InterruptedException e) {
        throw new AssertionError(e);
      }
    }
    return this;
  }

  /** Calls {@code perSecond} times a second, whatever the answers; returns with the last answer. */
  SyncLoad call(int perSecond, BooleanSupplier enough) {
    long start = System.nanoTime();
    long begun = 0;
    while (!enough.getAsBoolean()) {
      long due = start + begun * 1_000_000_000L / perSecond;
      while (System.nanoTime() - due < 0) {
        LockSupport.parkNanos(due - System.nanoTime());
      }
      begin();
      begun++;
    }
    while (ended.size() < begun) {
      LockSupport.parkNanos(1_000_000);
    }
    return this;
  }

  /** How many calls ended in each way. */
  Map<Status.Code, Long> counts() {
    Map<Status.Code, Long> counts = new EnumMap<>(Status.Code.class);
    ended.forEach(call -> counts.merge(call.code(), 1L, Long::sum));
    return counts;
  }

  long count(Status.Code code) {
    return counts().getOrDefault(code, 0L);
  }

  /** At the given share of the calls that ended so; zero when none did. */
  Duration latency(Status.Code code, double quantile) {
    long[] nanos =
        ended.stream()
            .filter(call -> call.code() == code)
            .mapToLong(Ended::took)
            .sorted()
            .toArray();
    return Duration.ofNanos(nanos.length == 0 ? 0 : nanos[(int) ((nanos.length - 1) * quantile)]);
  }

  private void callAgain(BooleanSupplier enough) {
    while (!enough.getAsBoolean()) {
      long id = ids.getAndIncrement();
      long start = System.nanoTime();
      try {
        end(codeOf(caller.call(Caller.request(id).build()), id), start);
      } catch (StatusRuntimeException e) {
        end(e.getStatus().getCode(), start);
      }
    }
  }

  private void begin() {
    long id = ids.getAndIncrement();
    long start = System.nanoTime();
    ListenableFuture<ProcessActionResponse> answer = caller.begin(Caller.request(id).build());
    Futures.addCallback(
        answer,
        new FutureCallback<>() {
          @Override
          public void onSuccess(ProcessActionResponse response) {
            end(codeOf(response, id), start);
          }

          @Override
          public void onFailure(Throwable failure) {
            end(Status.fromThrowable(failure).getCode(), start);
          }
        },
        MoreExecutors.directExecutor());
  }

  private void end(Status.Code code, long start) {
    ended.add(new Ended(code, System.nanoTime() - start));
  }

  private static Status.Code codeOf(ProcessActionResponse response, long id) {
    List<String> verdicts = response.getVerdicts().getVerdictsList();
    return verdicts.equals(List.of("verdict_for_" + id)) ? Status.Code.OK : Status.Code.DATA_LOSS;
  }
}
