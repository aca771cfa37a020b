package org.osprey.coordinator.streams.store;

import com.google.errorprone.annotations.ThreadSafe;
import com.google.protobuf.InvalidProtocolBufferException;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.SqlStatement;
import org.jspecify.annotations.Nullable;
import org.osprey.coordinator.database.Database;
import org.osprey.coordinator.proto.streams.v1.OrchestratorConfigDto;
import org.osprey.coordinator.proto.streams.v1.StreamMode;
import org.osprey.coordinator.streams.Hold;
import org.osprey.coordinator.streams.Snapshot;
import org.osprey.coordinator.streams.SnapshotStore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One row for each stream. That a hold is current is looked up in the transaction that writes, and
 * stays so until its commit.
 */
@ThreadSafe
public final class DatabaseSnapshots implements SnapshotStore {
  /** What the {@link Database} has to bring up to date for this package. */
  public static final String FEATURE = "streams";

  private static final Logger log = LoggerFactory.getLogger(DatabaseSnapshots.class);

  @SuppressWarnings("ThreadSafe") // it is
  private final Database database;

  private final String instance;
  private final String held;
  private final String save;

  /**
   * @param database has the tables of {@link #FEATURE}
   * @param instance under which name this coordinator claims partitions
   */
  public DatabaseSnapshots(Database database, String instance) {
    this.database = database;
    this.instance = instance;
    held =
        database.sql(
            """
            select 1 from stream_partitions
            where partition_id = :partition and owner = :owner and epoch = :epoch {kept}
            """);
    // One statement, because it is one way to the database and back for each change of a stream.
    save =
        database.sql(
            """
            insert into scheduled_streams (stream_id, partition_id, mode, run, loop_number,
              position_millis, anchor_millis, updated_at, config)
            select :id, partition_id, :mode, :run, :loop, :position, :anchor, {now}, :config
            from stream_partitions
            where partition_id = :partition and owner = :owner and epoch = :epoch {kept}
            on conflict (stream_id) do update set
              partition_id = excluded.partition_id, mode = excluded.mode, run = excluded.run,
              loop_number = excluded.loop_number, position_millis = excluded.position_millis,
              anchor_millis = excluded.anchor_millis, updated_at = excluded.updated_at,
              config = excluded.config
            """);
  }

  @Override
  public CompletionStage<Void> save(Hold hold, Snapshot snapshot) {
    byte[] config = snapshot.config().toByteArray();
    return nothing(
        database.write(
            handle -> {
              int rows =
                  bind(handle.createUpdate(save), hold)
                      .bind("id", snapshot.streamId())
                      .bind("mode", snapshot.mode().name())
                      .bind("run", snapshot.run())
                      .bind("loop", snapshot.loop())
                      .bind("position", snapshot.positionMillis())
                      .bind("anchor", snapshot.anchorMillis())
                      .bind("config", config)
                      .execute();
              if (rows == 0) {
                throw new NotHeldException(hold);
              }
              return rows;
            }));
  }

  @Override
  public CompletionStage<Void> remove(Hold hold, String streamId) {
    return nothing(
        database.write(
            handle -> {
              requireHeld(handle, hold);
              return handle
                  .createUpdate("delete from scheduled_streams where stream_id = :id")
                  .bind("id", streamId)
                  .execute();
            }));
  }

  /** A row that cannot be read is left out. */
  @Override
  public List<Snapshot> load(int partition) {
    return database.read(
        handle ->
            handle
                .createQuery(
                    """
                    select stream_id, mode, run, loop_number, position_millis, anchor_millis, config
                    from scheduled_streams where partition_id = :partition order by stream_id
                    """)
                .bind("partition", partition)
                .map((row, context) -> snapshot(row))
                .stream()
                .filter(Objects::nonNull)
                .toList());
  }

  private void requireHeld(Handle handle, Hold hold) {
    if (bind(handle.createQuery(held), hold).mapTo(Integer.class).findOne().isEmpty()) {
      throw new NotHeldException(hold);
    }
  }

  private <S extends SqlStatement<S>> S bind(S statement, Hold hold) {
    return statement
        .bind("partition", hold.partition())
        .bind("owner", instance)
        .bind("epoch", hold.epoch());
  }

  private static @Nullable Snapshot snapshot(ResultSet row) throws SQLException {
    String id = row.getString("stream_id");
    try {
      return new Snapshot(
          id,
          OrchestratorConfigDto.parseFrom(row.getBytes("config")),
          StreamMode.valueOf(row.getString("mode")),
          row.getLong("run"),
          row.getLong("loop_number"),
          row.getLong("position_millis"),
          row.getLong("anchor_millis"));
    } catch (InvalidProtocolBufferException | IllegalArgumentException e) {
      log.warn("stored stream cannot be read: stream_id={} cause=\"{}\"", id, e.getMessage());
      return null;
    }
  }

  /** With failures as they are: a stage that follows another wraps them. */
  private static CompletionStage<Void> nothing(CompletionStage<?> written) {
    CompletableFuture<Void> done = new CompletableFuture<>();
    written.whenComplete(
        (rows, failure) -> {
          if (failure == null) {
            done.complete(null);
          } else {
            done.completeExceptionally(failure);
          }
        });
    return done;
  }
}
