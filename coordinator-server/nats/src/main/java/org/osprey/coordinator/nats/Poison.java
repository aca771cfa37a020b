package org.osprey.coordinator.nats;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.osprey.coordinator.core.DeadLetter;
import org.osprey.coordinator.core.DeadLetter.Undecoded;
import org.osprey.coordinator.core.DeadLetters;
import org.osprey.coordinator.core.Ticker;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends messages that are no actions to the dead letters. Each counts as in flight meanwhile. What
 * cannot be stored goes back to the server, which delivers it again later.
 */
final class Poison {
  private static final Logger log = LoggerFactory.getLogger(Poison.class);
  private static final Duration LOG_EVERY = Duration.ofSeconds(1);

  private final DeadLetters deadLetters;
  private final Ticker ticker;
  private long loggedAt;
  private long unlogged;

  Poison(DeadLetters deadLetters, Ticker ticker) {
    this.deadLetters = deadLetters;
    this.ticker = ticker;
    loggedAt = ticker.nanos() - LOG_EVERY.toNanos();
  }

  /**
   * For the source's loop only.
   *
   * @param detail what is wrong with it, without its contents
   */
  void put(Received message, String detail, HeldMessage held) {
    logSometimes(held, detail);
    store(message, detail, held)
        .whenComplete(
            (nothing, failure) -> {
              if (failure == null) {
                held.term();
              } else {
                held.sendBackLater();
              }
            });
  }

  private CompletionStage<Void> store(Received message, String detail, HeldMessage held) {
    Undecoded content =
        new Undecoded(null, message.data(), message.allHeaders(), message.storedAt());
    try {
      return deadLetters.put(
          DeadLetter.undecodable(NatsSource.NAME, held.origin(), content, detail));
    } catch (RuntimeException e) {
      // As good as a stage that fails: its room must come back in any case.
      return CompletableFuture.failedStage(e);
    }
  }

  /** A producer that has lost its mind must not fill the log. */
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
