package org.osprey.coordinator.pubsub;

import com.google.protobuf.Timestamp;
import com.google.pubsub.v1.PubsubMessage;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.osprey.coordinator.core.DeadLetter;
import org.osprey.coordinator.core.DeadLetter.Undecoded;
import org.osprey.coordinator.core.DeadLetters;
import org.osprey.coordinator.core.Ticker;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends messages that are no actions to the dead letters. They are acked once they are stored
 * there, and given back to the subscription when that fails. Belongs to the source's loop.
 */
final class UndecodableMessages {
  private static final Logger log = LoggerFactory.getLogger(UndecodableMessages.class);
  private static final Duration LOG_EVERY = Duration.ofSeconds(1);

  private final DeadLetters deadLetters;
  private final Returns returns;
  private final Ticker ticker;
  private long loggedAt;
  private long unlogged;

  UndecodableMessages(DeadLetters deadLetters, Returns returns, Ticker ticker) {
    this.deadLetters = deadLetters;
    this.returns = returns;
    this.ticker = ticker;
    loggedAt = ticker.nanos() - LOG_EVERY.toNanos();
  }

  /**
   * @param detail what is wrong with it, without its contents
   */
  void put(HeldMessage held, String detail) {
    logSometimes(held, detail);
    store(letter(held, detail))
        .whenComplete(
            (nothing, failure) -> {
              if (failure == null) {
                held.ack();
              } else {
                returns.nackLater(held);
              }
            });
  }

  private CompletionStage<Void> store(DeadLetter letter) {
    try {
      return deadLetters.put(letter);
    } catch (RuntimeException e) {
      return CompletableFuture.failedStage(e);
    }
  }

  private static DeadLetter letter(HeldMessage held, String detail) {
    PubsubMessage message = held.message();
    Timestamp published = message.getPublishTime();
    Undecoded content =
        new Undecoded(
            key(message.getOrderingKeyBytes().toByteArray()),
            message.getData().toByteArray(),
            message.getAttributesMap(),
            Instant.ofEpochSecond(published.getSeconds(), published.getNanos()));
    return DeadLetter.undecodable(MessageFeed.SOURCE, held.origin(), content, detail);
  }

  private static byte @Nullable [] key(byte[] orderingKey) {
    return orderingKey.length == 0 ? null : orderingKey;
  }

  /** A publisher that has lost its mind must not fill the log. */
  private void logSometimes(HeldMessage held, String detail) {
    long now = ticker.nanos();
    if (now - loggedAt < LOG_EVERY.toNanos()) {
      unlogged++;
      return;
    }
    log.warn(
        "message is no action and becomes a dead letter: {} detail=\"{}\" unlogged={}",
        held.origin(),
        detail,
        unlogged);
    loggedAt = now;
    unlogged = 0;
  }
}
