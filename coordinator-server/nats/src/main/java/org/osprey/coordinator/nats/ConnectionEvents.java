package org.osprey.coordinator.nats;

import com.google.errorprone.annotations.ThreadSafe;
import io.nats.client.Connection;
import io.nats.client.ConnectionListener;
import io.nats.client.Consumer;
import io.nats.client.ErrorListener;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What the client tells about its connection, on its own threads. */
@ThreadSafe
final class ConnectionEvents implements ConnectionListener, ErrorListener {
  private static final Logger log = LoggerFactory.getLogger(ConnectionEvents.class);

  private final AtomicLong epoch;
  private final BiConsumer<Connection, String> serverErrors;
  private volatile @Nullable Exception lastFailure;
  private volatile @Nullable String lastError;

  /**
   * @param epoch goes up when subscriptions are there again after an interruption
   * @param serverErrors told of each complaint of the server
   */
  ConnectionEvents(AtomicLong epoch, BiConsumer<Connection, String> serverErrors) {
    this.epoch = epoch;
    this.serverErrors = serverErrors;
  }

  @Override
  @SuppressWarnings("deprecation") // the only method the interface wants
  public void connectionEvent(Connection connection, Events event) {
    if (event == Events.RESUBSCRIBED) {
      forget();
      epoch.incrementAndGet();
    }
  }

  /** What was told so far is about another connection. */
  void forget() {
    lastFailure = null;
    lastError = null;
  }

  @Override
  public void exceptionOccurred(Connection connection, Exception failure) {
    lastFailure = failure;
    log.debug("client failure: cause=\"{}\"", failure.toString());
  }

  @Override
  public void errorOccurred(Connection connection, String error) {
    lastError = error;
    log.debug("server error: error=\"{}\"", error);
    serverErrors.accept(connection, error);
  }

  @Override
  public void slowConsumerDetected(Connection connection, Consumer consumer) {
    log.warn("client dropped messages, they will be delivered again");
  }

  /** What the client ran into since it was connected, or null. */
  @Nullable Exception lastFailure() {
    return lastFailure;
  }

  /** What the server complained about since it was connected, such as a missing permission. */
  @Nullable String lastError() {
    return lastError;
  }
}
