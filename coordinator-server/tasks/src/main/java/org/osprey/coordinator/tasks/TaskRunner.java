package org.osprey.coordinator.tasks;

import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.locks.LockSupport;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.osprey.coordinator.core.Check;
import org.osprey.coordinator.core.Component;
import org.osprey.coordinator.core.Figures;
import org.osprey.coordinator.core.Measured;
import org.osprey.coordinator.core.Signal;
import org.osprey.coordinator.core.Supervised;
import org.osprey.coordinator.core.SupervisedLoop;
import org.osprey.coordinator.core.Ticker;
import org.osprey.coordinator.database.Database;
import org.osprey.coordinator.database.DatabaseException;
import org.osprey.coordinator.tasks.ServiceSettings.Destination;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Claims the requests whose time has come and has them called: as many of each service as it may
 * have at a time. Two loops: one claims, one says that this coordinator lives and takes over from
 * dead ones.
 */
final class TaskRunner implements Component, Supervised, Measured, ServiceCalls.Listener {
  private static final Logger log = LoggerFactory.getLogger(TaskRunner.class);

  private static final Duration STUCK_AFTER = Duration.ofSeconds(60);

  /** Requests whose backoff is over and those of other coordinators show only when looked for. */
  private static final Duration LOOK_AGAIN = Duration.ofMillis(250);

  private static final Duration REST_IN_TROUBLE = Duration.ofSeconds(1);
  private static final Duration FORGOTTEN_AFTER = Duration.ofSeconds(30);
  private static final int MOST_CLAIMED = 100;

  private final TaskSettings settings;
  private final RequestTable requests;
  private final Endings endings;
  private final TaskCounts counts;
  private final Ticker ticker;
  private final ServiceClient client = new ServiceClient();
  private final Map<String, ServiceCalls> services = new LinkedHashMap<>();
  private final SupervisedLoop claims;
  private final SupervisedLoop upkeep;

  /** Something may have changed since the last look. */
  private final Signal changed = new Signal();

  private volatile long lastSeen;
  private volatile boolean seen;

  /**
   * @param requests as this run of this coordinator
   */
  TaskRunner(
      TaskSettings settings,
      RequestTable requests,
      Endings endings,
      WorkerPool workers,
      TaskCounts counts,
      Ticker ticker,
      RandomGenerator random) {
    this.settings = settings;
    this.endings = endings;
    this.counts = counts;
    this.ticker = ticker;
    this.requests = requests;
    Finishes finishes = new Finishes(requests);
    RetryPolicy retries = new RetryPolicy(random);
    for (ServiceSettings service : settings.services()) {
      CallTarget target = target(service, workers);
      services.put(
          service.name(), new ServiceCalls(service, target, finishes, retries, ticker, this));
    }
    claims = new SupervisedLoop("tasks", ticker, STUCK_AFTER, this::claim);
    upkeep = new SupervisedLoop("tasks-upkeep", ticker, STUCK_AFTER, this::keepUp);
  }

  @Override
  public void start() {
    upkeep.start();
    claims.start();
  }

  /** A task was stored, or tried again. */
  void wake() {
    changed.wake();
  }

  @Override
  public void roomFor(ServiceSettings service) {
    wake();
  }

  @Override
  public void taskEnded(String taskId, Status status) {
    counts.ended(status);
    endings.ended(taskId);
  }

  @Override
  public Check check() {
    Check claiming = claims.check();
    if (!claiming.healthy()) {
      return claiming;
    }
    Check keeping = upkeep.check();
    return keeping.healthy() ? Check.ok("tasks", "calling " + held().size()) : keeping;
  }

  @Override
  public List<SupervisedLoop> loops() {
    return List.of(claims, upkeep);
  }

  @Override
  public void tell(Figures figures) {
    services.values().forEach(service -> service.tell(figures));
  }

  /** What is being called is given back, and called again by somebody with the same key. */
  @Override
  public void close() {
    wake();
    claims.close();
    upkeep.close();
    services.values().forEach(ServiceCalls::close);
    client.close();
    requests.leave().whenComplete(TaskRunner::left);
  }

  private static void left(@Nullable Integer rows, @Nullable Throwable failure) {
    if (failure != null) {
      log.warn(
          "others will take this coordinator for dead only later: cause=\"{}\"",
          failure.toString());
    }
  }

  private CallTarget target(ServiceSettings service, WorkerPool workers) {
    return switch (service.destination()) {
      case Destination.Pool(String action) -> workers.target(action, service.timeout());
      case Destination.Http(URI url) ->
          request -> client.call(url, service.timeout(), request.items(), request.idempotencyKey());
    };
  }

  private void claim() throws InterruptedException {
    try {
      if (!mayClaim() || !claimForAll()) {
        changed.await(LOOK_AGAIN);
      }
    } catch (DatabaseException e) {
      // The database itself says what is wrong.
      changed.await(REST_IN_TROUBLE);
    }
  }

  /**
   * @return whether there may be more for one of them
   */
  private boolean claimForAll() {
    Map<String, Integer> rooms = new LinkedHashMap<>();
    for (ServiceCalls service : services.values()) {
      int room = Math.min(service.room(), MOST_CLAIMED);
      if (room > 0) {
        rooms.put(service.service().name(), room);
      }
    }
    if (rooms.isEmpty()) {
      return false;
    }
    for (ClaimedRequest request : Database.join(requests.claim(rooms))) {
      Objects.requireNonNull(services.get(request.service())).start(request);
      rooms.merge(request.service(), -1, Integer::sum);
    }
    return rooms.containsValue(0);
  }

  /** Who cannot say that it lives must take nothing more: others will take what it has. */
  private boolean mayClaim() {
    return seen && ticker.nanos() - lastSeen < settings.deadAfter().toNanos() / 2;
  }

  private void keepUp() {
    try {
      keepUpRows();
    } catch (DatabaseException e) {
      // Until it is back nothing is claimed either.
    }
    rest();
  }

  private void keepUpRows() {
    long began = ticker.nanos();
    int taken = Database.join(requests.takeOver(settings.deadAfter()));
    lastSeen = began;
    boolean first = !seen;
    seen = true;
    int released = Database.join(requests.releaseForgotten(held(), FORGOTTEN_AFTER));
    if (first || taken + released > 0) {
      wake();
    }
    List<Long> lost = requests.lost(held());
    services.values().forEach(service -> service.abort(lost));
  }

  private void rest() {
    long end = ticker.nanos() + settings.heartbeat().toNanos();
    while (!upkeep.closing() && end - ticker.nanos() > 0) {
      LockSupport.parkNanos(this, end - ticker.nanos());
    }
  }

  private List<Long> held() {
    List<Long> held = new ArrayList<>();
    services.values().forEach(service -> held.addAll(service.held()));
    return held;
  }
}
