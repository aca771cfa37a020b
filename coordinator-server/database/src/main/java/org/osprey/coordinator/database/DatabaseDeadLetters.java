package org.osprey.coordinator.database;

import com.google.errorprone.annotations.ThreadSafe;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.Update;
import org.jspecify.annotations.Nullable;
import org.osprey.coordinator.core.DeadLetter;
import org.osprey.coordinator.core.DeadLetterStore;

/**
 * Dead letters in a table of the database.
 *
 * <p>A letter that is put twice is there twice. Its origin does not tell the two apart: a topic
 * that was made anew repeats its offsets, and a letter that was tried again and given up again is a
 * new one, even while the old one is still there. Too many is harmless, one too few is not.
 */
@ThreadSafe
public final class DatabaseDeadLetters implements DeadLetterStore {
  /** What the {@link Database} has to bring up to date for this. */
  public static final String FEATURE = "deadletters";

  /** Letters in one statement, whatever the caller asks for. */
  private static final int LARGEST_BATCH = 500;

  private final Database database;

  @SuppressWarnings("ThreadSafe") // a clock
  private final InstantSource clock;

  /**
   * @param database has the tables of {@link #FEATURE}; closed by its owner
   */
  public DatabaseDeadLetters(Database database, InstantSource clock) {
    this.database = database;
    this.clock = clock;
  }

  @Override
  public CompletionStage<Void> put(DeadLetter letter) {
    String token = UUID.randomUUID().toString();
    long storedAt = clock.millis();
    return database.write(handle -> insert(handle, token, storedAt, letter)).thenAccept(rows -> {});
  }

  @Override
  public Snapshot snapshot(@Nullable String after) {
    Long place = after == null ? Long.valueOf(0) : number(after);
    long last = place == null ? 0 : last();
    return new LetterWalk(this, place == null ? 0 : place, last);
  }

  @Override
  public @Nullable StoredLetter find(String id) {
    Long number = number(id);
    if (number == null) {
      return null;
    }
    return read(
        handle ->
            handle
                .createQuery("select * from dead_letters where id = :id")
                .bind("id", number)
                .map(LetterRow::read)
                .findOne()
                .orElse(null));
  }

  @Override
  public int remove(Collection<String> ids) {
    List<Long> numbers = new ArrayList<>();
    for (String id : ids) {
      Long number = number(id);
      if (number != null) {
        numbers.add(number);
      }
    }
    int removed = 0;
    for (int from = 0; from < numbers.size(); from += LARGEST_BATCH) {
      int to = Math.min(numbers.size(), from + LARGEST_BATCH);
      removed += removeBatch(numbers.subList(from, to));
    }
    return removed;
  }

  /**
   * How many letters of each reason there are; reasons without any are not in it. Blocks.
   *
   * @throws StoreException when the database cannot be reached
   */
  public Map<DeadLetter.Reason, Long> counts() {
    Map<DeadLetter.Reason, Long> counts = new EnumMap<>(DeadLetter.Reason.class);
    read(handle ->
            handle
                .createQuery("select reason, count(*) from dead_letters group by reason")
                .map((row, context) -> Map.entry(row.getString(1), row.getLong(2)))
                .list())
        .forEach(entry -> counts.put(DeadLetter.Reason.valueOf(entry.getKey()), entry.getValue()));
    return counts;
  }

  /** In the order of their ids: those behind {@code after}, up to {@code last}. */
  List<StoredLetter> page(long after, long last, int limit) {
    return read(
        handle ->
            handle
                .createQuery(
                    """
                    select * from dead_letters
                    where id > :after and id <= :last
                    order by id limit :limit
                    """)
                .bind("after", after)
                .bind("last", last)
                .bind("limit", Math.min(limit, LARGEST_BATCH))
                .map(LetterRow::read)
                .list());
  }

  private static int insert(Handle handle, String token, long storedAt, DeadLetter letter) {
    try (Update insert = handle.createUpdate(LetterRow.INSERT)) {
      insert.bind("token", token).bind("storedAt", storedAt);
      LetterRow.bind(insert, letter);
      return insert.execute();
    }
  }

  private long last() {
    return read(
        handle ->
            handle
                .createQuery("select coalesce(max(id), 0) from dead_letters")
                .mapTo(Long.class)
                .one());
  }

  private int removeBatch(List<Long> ids) {
    CompletionStage<Integer> removed =
        database.write(
            handle ->
                handle
                    .createUpdate("delete from dead_letters where id in (<ids>)")
                    .bindList("ids", ids)
                    .execute());
    try {
      return removed.toCompletableFuture().join();
    } catch (CompletionException e) {
      throw failed(e.getCause() == null ? e : e.getCause());
    }
  }

  private <T extends @Nullable Object> T read(Query<T> query) {
    try {
      return database.read(query);
    } catch (RuntimeException e) {
      throw failed(e);
    }
  }

  private static StoreException failed(Throwable cause) {
    return new StoreException("dead letters: " + cause.getMessage(), cause);
  }

  /**
   * @return null for what cannot be an id of ours
   */
  private static @Nullable Long number(String id) {
    try {
      return Long.valueOf(id);
    } catch (NumberFormatException e) {
      return null;
    }
  }
}
