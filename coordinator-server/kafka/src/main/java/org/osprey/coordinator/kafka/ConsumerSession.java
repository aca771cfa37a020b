package org.osprey.coordinator.kafka;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import org.osprey.coordinator.core.Ticker;
import org.osprey.coordinator.kafka.OffsetWindow.Unfinished;
import org.osprey.coordinator.kafka.RecordFeed.Flow;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One consumer from its subscription to its end. Belongs to the source's loop, but for the methods
 * that say otherwise.
 */
final class ConsumerSession {
  private static final Logger log = LoggerFactory.getLogger(ConsumerSession.class);

  /** Bounds a turn, and so the time in which the loop notices a pause or the end. */
  private static final Duration LONGEST_POLL = Duration.ofMillis(100);

  /** While a window is full, its partition should be read again soon after there is room. */
  private static final Duration SHORT_POLL = Duration.ofMillis(10);

  /** While one is committed, the next can finish. */
  private static final int UNCOMMITTED_BATCHES = 2;

  private static final Duration ROOM_SLICE = Duration.ofMillis(50);

  private final Consumer<byte[], byte[]> consumer;
  private final RecordFeed feed;
  private final Committer committer;
  private final Assignment assignment;
  private final ConnectionWatch watch;
  private final LagWatch lag;
  private final String topic;
  private final Duration roomWait;
  private final Ticker ticker;

  private Flow flow = Flow.OPEN;
  private long fullSince;
  private volatile int paused;

  ConsumerSession(
      Consumer<byte[], byte[]> consumer,
      KafkaSettings settings,
      RecordFeed feed,
      Committer committer,
      Ticker ticker) {
    this.consumer = consumer;
    this.feed = feed;
    this.committer = committer;
    this.ticker = ticker;
    int maxUncommitted = UNCOMMITTED_BATCHES * settings.commitBatch();
    assignment =
        new Assignment(() -> new OffsetWindow(settings.window(), maxUncommitted), committer);
    watch = new ConnectionWatch(consumer, settings, ticker);
    lag = new LagWatch(consumer, ticker);
    topic = settings.topic();
    roomWait = settings.roomWait();
  }

  void subscribe() {
    consumer.subscribe(List.of(topic), assignment);
  }

  /** Reads, offers and commits a little. */
  void turn(boolean pauseWanted) throws InterruptedException {
    if (!waitsBeforePausing()) {
      applyPauses();
      assignment.add(consumer.poll(pollTimeout()));
    }
    Flow before = flow;
    flow = pauseWanted ? Flow.PAUSED : offer();
    if (flow.isFull() && !before.isFull()) {
      fullSince = ticker.nanos();
    }
    committer.commitIfDue(assignment.all());
    lag.look(assignment.all());
  }

  /**
   * @return what keeps records from coming, as far as it is known by now
   */
  @Nullable String trouble() {
    return watch.look(!assignment.all().isEmpty());
  }

  /** Commits what is finished and leaves the group. Never throws. */
  void close(Duration atMost) {
    committer.commitNow(assignment.all(), atMost.dividedBy(2));
    assignment.dropAll();
    try {
      consumer.close(CloseOptions.timeout(atMost.dividedBy(2)));
    } catch (RuntimeException e) {
      log.warn("consumer did not close well: cause=\"{}\"", e.toString());
    }
  }

  /** From any thread. */
  boolean isConnected() {
    return watch.isConnected();
  }

  /** From any thread. */
  boolean failsToCommit() {
    return committer.inTrouble();
  }

  /** Records that are unfinished or unread, null while that is not known. From any thread. */
  @Nullable Long lag() {
    return lag.records();
  }

  /** From any thread. */
  int pausedPartitions() {
    return paused;
  }

  /** From any thread. */
  List<TopicPartition> assigned() {
    return assignment.all().stream().map(AssignedPartition::id).toList();
  }

  /** From any thread. */
  KafkaSourceStats.@Nullable Oldest oldest() {
    KafkaSourceStats.Oldest oldest = null;
    for (AssignedPartition partition : assignment.all()) {
      Unfinished unfinished = partition.window().oldestUnfinished();
      if (unfinished == null) {
        continue;
      }
      Duration age = Duration.ofNanos(ticker.nanos() - unfinished.addedAt());
      if (oldest == null || age.compareTo(oldest.age()) > 0) {
        TopicPartition id = partition.id();
        oldest = new KafkaSourceStats.Oldest(id.topic(), id.partition(), unfinished.offset(), age);
      }
    }
    return oldest;
  }

  private Flow offer() throws InterruptedException {
    if (flow == Flow.DRAINING) {
      return flow;
    }
    Flow now = feed.offer(assignment.all());
    return now.isFull() ? feed.offer(assignment.all(), now, ROOM_SLICE) : now;
  }

  /** For a short while it is cheaper to wait for room than to pause and resume. */
  private boolean waitsBeforePausing() {
    return flow.isFull() && ticker.nanos() - fullSince < roomWait.toNanos();
  }

  private Duration pollTimeout() {
    if (flow.isFull()) {
      return Duration.ZERO;
    }
    return flow == Flow.OPEN && paused > 0 ? SHORT_POLL : LONGEST_POLL;
  }

  private void applyPauses() {
    Set<TopicPartition> before = consumer.paused();
    List<TopicPartition> pause = new ArrayList<>();
    List<TopicPartition> resume = new ArrayList<>();
    int wanted = 0;
    for (AssignedPartition partition : assignment.all()) {
      boolean wait = flow != Flow.OPEN || partition.hasWaiting();
      wanted += wait ? 1 : 0;
      if (wait != before.contains(partition.id())) {
        (wait ? pause : resume).add(partition.id());
      }
    }
    paused = wanted;
    if (!pause.isEmpty()) {
      consumer.pause(pause);
    }
    if (!resume.isEmpty()) {
      consumer.resume(resume);
    }
  }
}
