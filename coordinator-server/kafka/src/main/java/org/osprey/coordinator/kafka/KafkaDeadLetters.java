package org.osprey.coordinator.kafka;

import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import org.osprey.coordinator.core.DeadLetter;
import org.osprey.coordinator.core.DeadLetterStore;
import org.osprey.coordinator.core.Ticker;

/**
 * Keeps what was given up in the dead-letter topic, in a form a {@link KafkaSource} can read again.
 * A letter's id is its partition and its offset. Each look makes a consumer of its own: it is for
 * people and their tools, not for a hot path.
 */
public final class KafkaDeadLetters implements DeadLetterStore {
  private static final long DELETE_TIMEOUT_SECONDS = 20;

  private final DeadLetterTopic topic;
  private final KafkaSettings settings;
  private final Troubles troubles;
  private final Ticker ticker = Ticker.system();

  public KafkaDeadLetters(DeadLetterTopic topic) {
    this.topic = topic;
    settings = topic.settings();
    troubles = Troubles.ofDeadLetters(settings);
  }

  @Override
  public CompletionStage<Void> put(DeadLetter letter) {
    return topic.put(Letter.whole(letter));
  }

  /**
   * @throws IllegalArgumentException when {@code after} is no id
   */
  @Override
  public Snapshot snapshot(@Nullable String after) {
    LetterId start = after == null ? null : LetterId.parse(after);
    if (after != null && start == null) {
      throw new IllegalArgumentException("want <partition>-<offset>, got " + after);
    }
    try {
      return snapshot(start);
    } catch (RuntimeException e) {
      throw failed(e);
    }
  }

  @Override
  public @Nullable StoredLetter find(String id) {
    LetterId wanted = LetterId.parse(id);
    return wanted == null ? null : reading(reader -> find(reader, wanted));
  }

  /** Forgets each partition up to the first letter that stays. */
  @Override
  public int remove(Collection<String> ids) {
    Set<LetterId> unwanted = new HashSet<>();
    for (String id : ids) {
      LetterId known = LetterId.parse(id);
      if (known != null) {
        unwanted.add(known);
      }
    }
    return unwanted.isEmpty() ? 0 : reading(reader -> remove(reader, unwanted));
  }

  private Snapshot snapshot(@Nullable LetterId after) {
    LetterReader reader = new LetterReader(settings, ticker);
    try {
      return new LetterSnapshot(reader, troubles, after);
    } catch (RuntimeException e) {
      reader.close();
      throw e;
    }
  }

  private static @Nullable StoredLetter find(LetterReader reader, LetterId wanted) {
    PartitionWalk walk = reader.walkTo(wanted);
    ConsumerRecord<byte[], byte[]> record = walk == null ? null : walk.next();
    return record == null ? null : LetterParser.parse(record);
  }

  private int remove(LetterReader reader, Set<LetterId> unwanted) {
    Map<TopicPartition, RecordsToDelete> ends = new HashMap<>();
    int removed = 0;
    for (PartitionWalk walk : reader.walks(null)) {
      ConsumerRecord<byte[], byte[]> next = walk.next();
      while (next != null && unwanted.contains(new LetterId(next.partition(), next.offset()))) {
        ends.put(walk.id(), RecordsToDelete.beforeOffset(next.offset() + 1));
        removed++;
        next = walk.next();
      }
    }
    if (removed > 0) {
      delete(ends);
    }
    return removed;
  }

  private void delete(Map<TopicPartition, RecordsToDelete> ends) {
    try (Admin admin =
        Admin.create(ClientProperties.admin(settings.cluster(), DeadLetterTopic.ROLE + "-admin"))) {
      admin.deleteRecords(ends).all().get(DELETE_TIMEOUT_SECONDS, TimeUnit.SECONDS);
    } catch (ExecutionException e) {
      throw failed(e.getCause() == null ? e : e.getCause());
    } catch (TimeoutException e) {
      throw failed(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw failed(e);
    }
  }

  private <T extends @Nullable Object> T reading(Function<LetterReader, T> look) {
    try (LetterReader reader = new LetterReader(settings, ticker)) {
      return look.apply(reader);
    } catch (StoreException e) {
      throw e;
    } catch (RuntimeException e) {
      throw failed(e);
    }
  }

  private StoreException failed(Throwable failure) {
    return new StoreException(troubles.explain(failure), failure);
  }
}
