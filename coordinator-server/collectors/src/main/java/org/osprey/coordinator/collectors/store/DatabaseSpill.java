package org.osprey.coordinator.collectors.store;

import com.google.errorprone.annotations.ThreadSafe;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.Query;
import org.jspecify.annotations.Nullable;
import org.osprey.coordinator.collectors.flow.Encoded;
import org.osprey.coordinator.collectors.flow.SpillStore;
import org.osprey.coordinator.core.Ticker;
import org.osprey.coordinator.database.Database;
import org.osprey.coordinator.database.DatabaseException;
import org.osprey.coordinator.database.Work;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Batches of events as rows of a database. Storing the same batch again, as after a commit whose
 * end nobody knows, stores it once.
 */
@ThreadSafe
public final class DatabaseSpill implements SpillStore {
  /** What the {@link Database} has to bring up to date for this, and for positions. */
  public static final String FEATURE = "collectors";

  private static final Logger log = LoggerFactory.getLogger(DatabaseSpill.class);

  private static final String INSERT =
      """
      insert into spilled_batches
        (collector, epoch, first_seq, last_seq, events, bytes, checksum, frames)
      values (?, ?, ?, ?, ?, ?, ?, ?)
      on conflict do nothing
      """;
  private static final String SELECT =
      """
      select id, epoch, first_seq, events, checksum, frames from spilled_batches
      where collector = :collector%s
      order by epoch, first_seq, id limit 1
      """;
  private static final String FIRST = SELECT.formatted("");
  private static final String BEHIND =
      SELECT.formatted(" and (epoch, first_seq, id) > (:epoch, :firstSeq, :row)");

  private final Database database;
  private final Ticker ticker;

  /**
   * @param database has the tables of {@link #FEATURE}, is closed by its owner, and is of one
   *     coordinator alone
   */
  public DatabaseSpill(Database database, Ticker ticker) {
    this.database = database;
    this.ticker = ticker;
  }

  @Override
  public void append(List<Encoded> batch) {
    Encoded first = batch.getFirst();
    byte[] frames = BatchFrames.write(batch);
    long checksum = BatchFrames.checksum(frames);
    long bytes = batch.stream().mapToLong(event -> event.body().length).sum();
    write(
        handle ->
            handle.execute(
                INSERT,
                first.collector(),
                first.epoch(),
                first.seq(),
                batch.getLast().seq(),
                batch.size(),
                bytes,
                checksum,
                frames));
  }

  @Override
  public @Nullable Batch next(String collector, @Nullable Batch after) {
    return read(handle -> find(handle, collector, after));
  }

  @Override
  public void delete(Batch batch) {
    write(handle -> handle.execute("delete from spilled_batches where id = ?", batch.row()));
  }

  @Override
  public Map<String, Totals> totals() {
    return read(
        handle -> {
          Map<String, Totals> totals = new HashMap<>();
          handle
              .createQuery(
                  """
                  select collector, sum(events) as events, sum(bytes) as bytes
                  from spilled_batches group by collector
                  """)
              .map(
                  (row, context) ->
                      totals.put(
                          row.getString("collector"),
                          new Totals(row.getLong("events"), row.getLong("bytes"))))
              .list();
          return totals;
        });
  }

  private @Nullable Batch find(Handle handle, String collector, @Nullable Batch after) {
    Query query = handle.createQuery(after == null ? FIRST : BEHIND).bind("collector", collector);
    if (after != null) {
      query
          .bind("row", after.row())
          .bind("epoch", after.epoch())
          .bind("firstSeq", after.firstSeq());
    }
    return query
        .map(
            (row, context) ->
                batch(
                    row.getLong("id"),
                    collector,
                    row.getLong("epoch"),
                    row.getLong("first_seq"),
                    row.getInt("events"),
                    row.getLong("checksum"),
                    row.getBytes("frames")))
        .findFirst()
        .orElse(null);
  }

  private Batch batch(
      long row,
      String collector,
      long epoch,
      long firstSeq,
      int count,
      long checksum,
      byte[] frames) {
    List<Encoded> events =
        BatchFrames.checksum(frames) == checksum
            ? BatchFrames.read(frames, collector, epoch, count, ticker.nanos())
            : null;
    if (events == null) {
      log.error(
          "stored events cannot be read: collector={} epoch={} firstSeq={} events={} row={}",
          collector,
          epoch,
          firstSeq,
          count,
          row);
    }
    return new Batch(row, collector, epoch, firstSeq, events == null ? List.of() : events, count);
  }

  private void write(Work<Integer> work) {
    try {
      int unused = Database.join(database.write(work));
    } catch (DatabaseException e) {
      throw failed(e);
    }
  }

  private <T extends @Nullable Object> T read(org.osprey.coordinator.database.Query<T> query) {
    try {
      return database.read(query);
    } catch (DatabaseException e) {
      throw failed(e);
    }
  }

  private static SpillException failed(DatabaseException cause) {
    return new SpillException("events cannot be stored: " + cause.getMessage(), cause);
  }
}
