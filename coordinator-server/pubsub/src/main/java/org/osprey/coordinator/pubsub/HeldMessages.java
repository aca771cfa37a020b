package org.osprey.coordinator.pubsub;

import com.google.api.core.ApiFuture;
import com.google.cloud.pubsub.v1.AckReplyConsumerWithResponse;
import com.google.cloud.pubsub.v1.AckResponse;
import com.google.common.util.concurrent.MoreExecutors;
import com.google.errorprone.annotations.ThreadSafe;
import com.google.pubsub.v1.PubsubMessage;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.osprey.coordinator.core.Ticker;

/**
 * The messages that are leased to this process, by their ids, and the line of those that were not
 * offered yet. A message that comes again while we have it, because its lease ended or the service
 * repeats itself, only renews what we have.
 */
@ThreadSafe
final class HeldMessages {
  /** About 20 MB when acks fail for long while messages still come. */
  private static final int MOST_FINISHED = 100_000;

  private final String subscription;
  private final Consumer<HeldMessage> atArrival;
  private final Duration longestLease;
  private final SourceCounts counts;
  private final Ticker ticker;
  private final ConcurrentMap<String, HeldMessage> held = new ConcurrentHashMap<>();
  private final BlockingQueue<HeldMessage> arrivals;
  private final FinishedMessages finished;
  private final LongSupplier breaks;
  private final int maxProcessing;
  private final Semaphore processing;
  private volatile boolean closed;

  /**
   * @param atArrival told of each message before it stands in line; must not block
   * @param breaks counts the events that may have cost us leases
   */
  HeldMessages(
      PubsubSettings settings,
      Consumer<HeldMessage> atArrival,
      LongSupplier breaks,
      SourceCounts counts,
      Ticker ticker) {
    subscription = settings.subscription();
    this.atArrival = atArrival;
    this.breaks = breaks;
    longestLease = settings.maxLeaseExtension();
    this.counts = counts;
    this.ticker = ticker;
    finished = new FinishedMessages(MOST_FINISHED, longestLease, ticker);
    arrivals = new LinkedBlockingQueue<>(settings.maxMessages());
    maxProcessing = settings.maxProcessing();
    processing = new Semaphore(maxProcessing);
  }

  /** Called by the library, on one thread; never blocks. */
  void receive(PubsubMessage message, AckReplyConsumerWithResponse reply) {
    counts.received.incrementAndGet();
    if (isRepeat(message.getMessageId(), reply)) {
      counts.repeats.incrementAndGet();
      return;
    }
    HeldMessage arrived = new HeldMessage(this, message, leased(reply));
    atArrival.accept(arrived);
    held.put(arrived.id(), arrived);
    if (closed || !arrivals.offer(arrived)) {
      nack(arrived);
    }
  }

  /** The longest waiting one that was not offered, or null when none comes in time. */
  @Nullable HeldMessage next(Duration atMost) throws InterruptedException {
    HeldMessage first = arrivals.poll();
    return first != null ? first : arrivals.poll(atMost.toNanos(), TimeUnit.NANOSECONDS);
  }

  /** Whether somebody else may have it by now. */
  boolean isLeaseOver(HeldMessage message) {
    return ticker.nanos() - message.newestLease().at() >= longestLease.toNanos();
  }

  /** Takes the room of one accepted message, which {@link #release} gives back. */
  boolean reserve(Duration atMost) throws InterruptedException {
    return processing.tryAcquire(atMost.toNanos(), TimeUnit.NANOSECONDS);
  }

  void release() {
    processing.release();
  }

  void ack(HeldMessage message) {
    finished.add(message.id());
    List<Lease> leases = message.answer();
    if (leases.isEmpty()) {
      finished.forget(message.id());
      return;
    }
    held.remove(message.id(), message);
    leases.reversed().forEach(lease -> ack(message.id(), lease));
  }

  void nack(HeldMessage message) {
    List<Lease> leases = message.answer();
    if (leases.isEmpty()) {
      return;
    }
    counts.returned.incrementAndGet();
    held.remove(message.id(), message);
    for (Lease lease : leases.reversed()) {
      Future<?> unused = lease.reply().nack();
    }
  }

  /** Nacks everything, now and from now on. */
  void close() {
    closed = true;
    arrivals.clear();
    held.values().forEach(this::nack);
  }

  String origin(String id) {
    return "subscription=%s message_id=%s".formatted(subscription, id);
  }

  int size() {
    return held.size();
  }

  int waiting() {
    return arrivals.size();
  }

  int processing() {
    return maxProcessing - processing.availablePermits();
  }

  /** How long the unanswered one that came first has been here; zero for none. */
  Duration oldest() {
    long now = ticker.nanos();
    long longest = 0;
    for (HeldMessage message : held.values()) {
      longest = Math.max(longest, now - message.since());
    }
    return Duration.ofNanos(longest);
  }

  int finished() {
    return finished.size();
  }

  private boolean isRepeat(String id, AckReplyConsumerWithResponse reply) {
    HeldMessage known = held.get(id);
    if (known != null && known.renew(leased(reply))) {
      return true;
    }
    // Asked second, because a message is noted here before it is let go of there.
    if (finished.contains(id)) {
      ack(id, leased(reply));
      return true;
    }
    return false;
  }

  private Lease leased(AckReplyConsumerWithResponse reply) {
    return new Lease(reply, ticker.nanos(), breaks.getAsLong());
  }

  private void ack(String id, Lease lease) {
    ApiFuture<AckResponse> response = lease.reply().ack();
    response.addListener(() -> answered(id, lease, response), MoreExecutors.directExecutor());
  }

  private void answered(String id, Lease lease, Future<AckResponse> response) {
    try {
      // An ack for a lease that had ended is taken as well, and does nothing.
      if (response.get() == AckResponse.SUCCESSFUL && breaks.getAsLong() == lease.breaks()) {
        finished.forget(id);
      }
    } catch (ExecutionException e) {
      // Not confirmed, so it will come again.
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
