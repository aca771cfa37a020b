package org.osprey.coordinator.nats;

import java.time.Duration;
import java.time.InstantSource;
import java.util.Random;
import org.awaitility.Awaitility;
import org.osprey.coordinator.codec.ActionDecoder;
import org.osprey.coordinator.codec.ActionNumbers;
import org.osprey.coordinator.core.CountingIds;
import org.osprey.coordinator.core.DeadLetters;
import org.osprey.coordinator.core.Ticker;

/** What a coordinator has in common: one connection, and what is made with it. */
final class Connected implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofMinutes(1);

  static final ActionDecoder DECODER = new ActionDecoder(new CountingIds(), ActionNumbers.BUILT_IN);

  private final NatsConnection connection;

  Connected(NatsConnectionSettings settings) {
    connection = new NatsConnection(settings, Ticker.system(), new Random(1));
    connection.start();
  }

  /** Returns when there is a connection. */
  static Connected to(String url) {
    Connected connected = new Connected(NatsConnectionSettings.of(url));
    Awaitility.await().atMost(PATIENCE).until(() -> connected.connection.current() != null);
    return connected;
  }

  NatsConnection connection() {
    return connection;
  }

  NatsSource source(NatsSourceSettings settings, DeadLetters deadLetters) {
    return new NatsSource(
        connection,
        settings,
        DECODER,
        new CountingIds(),
        deadLetters,
        new NatsSource.Clocks(Ticker.system(), InstantSource.system(), new Random(1)));
  }

  NatsDeadLetters deadLetters(NatsDeadLetterSettings settings) {
    return new NatsDeadLetters(connection, settings, DECODER, Ticker.system());
  }

  @Override
  public void close() {
    connection.close();
  }
}
