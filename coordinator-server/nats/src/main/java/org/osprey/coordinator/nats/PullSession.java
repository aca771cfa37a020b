package org.osprey.coordinator.nats;

import io.nats.client.Connection;
import io.nats.client.Message;
import io.nats.client.PullRequestOptions;
import io.nats.client.Subscription;
import io.nats.client.api.ConsumerConfiguration;
import io.nats.client.support.Status;
import java.time.Duration;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.osprey.coordinator.core.InFlight;
import org.osprey.coordinator.core.Ticker;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks for messages over one connection, one request at a time. Belongs to the source's loop.
 *
 * <p>It speaks the pull protocol itself, because the client's pull subscription keeps from us which
 * status ended a request, and so a consumer that is gone would look like one without messages.
 */
final class PullSession {
  private static final Logger log = LoggerFactory.getLogger(PullSession.class);
  private static final Duration EXPIRES_IN = Duration.ofSeconds(1);
  private static final Duration GRACE = Duration.ofMillis(500);
  private static final Duration REMNANTS_WITHIN = Duration.ofMillis(500);
  private static final int NO_RESPONDERS = 503;

  private final Connection connection;
  private final long epoch;
  private final ConsumerConfiguration consumer;
  private final NatsSourceSettings settings;
  private final Ticker ticker;
  private final String inbox;
  private final String requests;
  private final Subscription subscription;

  /** Messages of the request that is open; 0 for none. */
  private int expected;

  private long expiresAt;
  private @Nullable Status refusal;
  private boolean consumerGone;

  PullSession(
      Connection connection,
      long epoch,
      ConsumerConfiguration consumer,
      NatsSourceSettings settings,
      Ticker ticker) {
    this.connection = connection;
    this.epoch = epoch;
    this.consumer = consumer;
    this.settings = settings;
    this.ticker = ticker;
    inbox = connection.createInbox();
    requests = "$JS.API.CONSUMER.MSG.NEXT." + settings.stream() + '.' + settings.durable();
    subscription = connection.subscribe(inbox);
    // What is asked for is the bound.
    subscription.setPendingLimits(0, 0);
  }

  /** Whether requests over it are still heard. */
  boolean isOf(long currentEpoch) {
    return epoch == currentEpoch;
  }

  boolean isOpen() {
    return expected > 0 && ticker.nanos() - expiresAt < 0;
  }

  /** Whether the server did not even say that a request ended, as when the consumer is gone. */
  boolean hasLapsed() {
    return expected > 0 && !isOpen();
  }

  /** Whether the server said that there is no such consumer. */
  boolean isConsumerGone() {
    return consumerGone;
  }

  /** Why the last request was refused, once; null for no reason. */
  @Nullable Status takeRefusal() {
    Status taken = refusal;
    refusal = null;
    return taken;
  }

  /** Asks for as much as there is room for. */
  void ask(InFlight room) {
    int batch = Math.min(settings.limits().pullBatch(), Math.max(1, room.freeActions()));
    if (consumer.getMaxBatch() > 0) {
      batch = (int) Math.min(batch, consumer.getMaxBatch());
    }
    // A request that cannot hold the largest message would never get it.
    long bytes = Math.max(room.freeBytes(), 2 * connection.getMaxPayload());
    PullRequestOptions.Builder request =
        PullRequestOptions.builder(batch).expiresIn(EXPIRES_IN).maxBytes(bytes);
    connection.publish(requests, inbox, request.build().serialize());
    expected = batch;
    expiresAt = ticker.nanos() + EXPIRES_IN.plus(GRACE).toNanos();
  }

  /** Hands on what has come, after waiting for the first of it. */
  void receive(Duration atMost, Consumer<Message> messages) throws InterruptedException {
    Message next = next(atMost);
    for (int taken = 0; next != null && taken < settings.limits().pullBatch(); taken++) {
      if (next.isStatusMessage()) {
        ended(next.getStatus());
      } else {
        expected = Math.max(0, expected - 1);
        messages.accept(next);
      }
      next = next(Duration.ZERO);
    }
    if (next != null && !next.isStatusMessage()) {
      messages.accept(next);
    }
  }

  /**
   * Waits for the end of the open request and hands on what comes until then. A request that was
   * left open would go on counting at the server: 2.9 then takes a message that is given back for
   * delivered, and delivers it only after its whole ack wait.
   */
  void finish(Consumer<Message> messages) throws InterruptedException {
    try {
      while (isOpen()) {
        receive(EXPIRES_IN.dividedBy(20), messages);
      }
    } catch (IllegalStateException e) {
      // Without a connection nothing more comes.
    }
  }

  /** Ends the subscription and hands on what had come before. */
  void close(Consumer<Message> messages) throws InterruptedException {
    expected = 0;
    try {
      // Returns when all that was on its way is here.
      Future<Boolean> unused = subscription.drain(REMNANTS_WITHIN);
      for (Message next = next(Duration.ZERO); next != null; next = next(Duration.ZERO)) {
        if (!next.isStatusMessage()) {
          messages.accept(next);
        }
      }
    } catch (IllegalStateException e) {
      // Without a connection nothing more comes.
    }
  }

  private @Nullable Message next(Duration atMost) throws InterruptedException {
    return atMost.isZero() ? subscription.nextMessage(null) : subscription.nextMessage(atMost);
  }

  private void ended(Status status) {
    if (status.isHeartbeat() || status.isFlowControl()) {
      return;
    }
    log.debug("request ended: status=\"{}\"", status);
    expected = 0;
    String text = String.valueOf(status.getMessage());
    if (status.getCode() == NO_RESPONDERS || text.contains(Status.CONSUMER_DELETED)) {
      consumerGone = true;
    } else if ((status.getCode() == Status.CONFLICT_CODE && !isNormalEnd(text))
        || status.getCode() == Status.BAD_REQUEST_CODE) {
      refusal = status;
    }
  }

  private static boolean isNormalEnd(String text) {
    return text.contains(Status.BATCH_COMPLETED)
        || text.contains(Status.MESSAGE_SIZE_EXCEEDS_MAX_BYTES);
  }
}
