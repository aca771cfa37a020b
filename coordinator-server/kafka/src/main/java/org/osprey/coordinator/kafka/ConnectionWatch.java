package org.osprey.coordinator.kafka;

import java.time.Duration;
import java.util.List;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.Metric;
import org.apache.kafka.common.MetricName;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.errors.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.osprey.coordinator.core.Ticker;

/**
 * Finds out why nothing comes, because a consumer whose broker is gone or whose topic is missing
 * stays silent. Belongs to the source's loop.
 */
final class ConnectionWatch {
  private static final Duration EVERY = Duration.ofSeconds(1);

  /** A join takes less; asking costs a blocking call, so it is not done often. */
  private static final Duration ASK_AFTER = Duration.ofSeconds(3);

  private static final Duration ANSWER_WITHIN = Duration.ofSeconds(1);

  /** Three heartbeats of the slower group protocol. */
  private static final double HEARTBEAT_LATE_SECONDS = 15;

  private final Consumer<byte[], byte[]> consumer;
  private final String topic;
  private final Troubles troubles;
  private final Ticker ticker;
  private long lookedAt;
  private long unassignedSince;
  private @Nullable String trouble;
  private volatile boolean connected;

  ConnectionWatch(Consumer<byte[], byte[]> consumer, KafkaSettings settings, Ticker ticker) {
    this.consumer = consumer;
    topic = settings.topic();
    troubles = Troubles.ofSource(settings);
    this.ticker = ticker;
    lookedAt = ticker.nanos();
    unassignedSince = lookedAt;
  }

  /**
   * @return what is wrong, as far as it is known by now
   */
  @Nullable String look(boolean assigned) {
    connected |= assigned;
    long now = ticker.nanos();
    if (now - lookedAt < EVERY.toNanos()) {
      return trouble;
    }
    lookedAt = now;
    if (assigned) {
      unassignedSince = now;
      trouble = heartbeatIsLate() ? troubles.noBroker() : null;
    } else if (now - unassignedSince >= ASK_AFTER.toNanos()) {
      trouble = askForTopic();
      connected |= trouble == null;
      unassignedSince = ticker.nanos();
    }
    return trouble;
  }

  /** Whether a broker ever answered. From any thread. */
  boolean isConnected() {
    return connected;
  }

  private boolean heartbeatIsLate() {
    for (Metric metric : consumer.metrics().values()) {
      MetricName name = metric.metricName();
      if (name.name().equals("last-heartbeat-seconds-ago")
          && metric.metricValue() instanceof Number seconds) {
        return seconds.doubleValue() > HEARTBEAT_LATE_SECONDS;
      }
    }
    return false;
  }

  private @Nullable String askForTopic() {
    try {
      List<PartitionInfo> partitions = consumer.partitionsFor(topic, ANSWER_WITHIN);
      return partitions == null || partitions.isEmpty() ? troubles.noTopic() : null;
    } catch (TimeoutException e) {
      return troubles.noBroker();
    } catch (RuntimeException e) {
      return troubles.explain(e);
    }
  }
}
