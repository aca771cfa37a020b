package org.osprey.coordinator.collectors.store;

import com.google.errorprone.annotations.ThreadSafe;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.osprey.coordinator.collectors.flow.Positions;
import org.osprey.coordinator.core.Check;
import org.osprey.coordinator.core.Component;
import org.osprey.coordinator.core.Signal;
import org.osprey.coordinator.core.Supervised;
import org.osprey.coordinator.core.SupervisedLoop;
import org.osprey.coordinator.core.Ticker;
import org.osprey.coordinator.database.Database;
import org.osprey.coordinator.database.DatabaseException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Positions in a database. One loop writes those that changed, all together, so that of each
 * collector at most the latest waits.
 */
@ThreadSafe
public final class DatabasePositions implements Positions, Component, Supervised {
  private static final Logger log = LoggerFactory.getLogger(DatabasePositions.class);
  private static final String COMPONENT = "collector positions";
  private static final Duration STUCK_AFTER = Duration.ofMinutes(3);
  private static final Duration IDLE = Duration.ofSeconds(1);
  private static final Duration REST_IN_TROUBLE = Duration.ofSeconds(1);
  private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(5);

  private final Database database;
  private final SupervisedLoop loop;
  private final Signal signal = new Signal();

  /** What is not known to be on disk, by collector. */
  private final Map<String, String> changed = new ConcurrentHashMap<>();

  /**
   * @param database has the tables of {@link DatabaseSpill#FEATURE}; closed by its owner, after
   *     this
   */
  public DatabasePositions(Database database, Ticker ticker) {
    this.database = database;
    loop = new SupervisedLoop("collector-positions", ticker, STUCK_AFTER, this::step);
  }

  @Override
  public void start() {
    loop.start();
  }

  /**
   * @throws DatabaseException when it cannot be read now
   */
  @Override
  public Optional<String> load(String collector) {
    String latest = changed.get(collector);
    if (latest != null) {
      return Optional.of(latest);
    }
    return database.read(
        handle ->
            handle
                .createQuery("select position from collector_positions where collector = ?")
                .bind(0, collector)
                .mapTo(String.class)
                .findOne());
  }

  @Override
  public void save(String collector, String position) {
    changed.put(collector, position);
    signal.wake();
  }

  @Override
  public Check check() {
    Check running = loop.check();
    return running.healthy()
        ? Check.ok(COMPONENT, "waiting=" + changed.size())
        : Check.failed(COMPONENT, running.detail());
  }

  @Override
  public List<SupervisedLoop> loops() {
    return List.of(loop);
  }

  /** Writes what waits. */
  @Override
  public void close() {
    signal.wake();
    if (!loop.close(CLOSE_TIMEOUT)) {
      log.warn("loop did not end in time: loop={}", loop.name());
      return;
    }
    try {
      write();
    } catch (DatabaseException e) {
      log.warn("positions are lost, sources are read again: cause=\"{}\"", e.getMessage());
    }
  }

  private void step() throws InterruptedException {
    signal.await(IDLE);
    try {
      write();
    } catch (DatabaseException e) {
      // The database itself says what is wrong.
      signal.await(REST_IN_TROUBLE);
    }
  }

  private void write() {
    Map<String, String> now = Map.copyOf(changed);
    if (now.isEmpty()) {
      return;
    }
    int unused =
        Database.join(
            database.write(
                handle -> {
                  now.forEach(
                      (collector, position) ->
                          handle.execute(
                              """
                              insert into collector_positions (collector, position) values (?, ?)
                              on conflict (collector) do update set position = excluded.position
                              """,
                              collector,
                              position));
                  return now.size();
                }));
    // What was saved again meanwhile stays.
    now.forEach(changed::remove);
  }
}
