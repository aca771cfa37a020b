package org.osprey.coordinator.it;

import static org.awaitility.Awaitility.await;

import io.nats.client.Connection;
import io.nats.client.Dispatcher;
import io.nats.client.ErrorListener;
import io.nats.client.JetStreamApiException;
import io.nats.client.Nats;
import io.nats.client.Options;
import io.nats.client.PushSubscribeOptions;
import io.nats.client.api.StorageType;
import io.nats.client.api.StreamConfiguration;
import java.io.IOException;
import java.time.Duration;
import java.util.function.Consumer;

/** A plain client of NATS that sees the events of collectors. */
final class EventStreams implements AutoCloseable {
  private static final String STREAM = "EVENTS";
  private static final Duration PATIENCE = Duration.ofMinutes(5);

  private final Connection connection;

  EventStreams(String url) {
    try {
      connection =
          Nats.connect(
              Options.builder()
                  .server(url)
                  .maxReconnects(-1)
                  .reconnectWait(Duration.ofMillis(50))
                  .errorListener(new ErrorListener() {})
                  .build());
    } catch (IOException | InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  /** A stream on disk that keeps all events. */
  void create(String subjects) {
    try {
      connection
          .jetStreamManagement()
          .addStream(
              StreamConfiguration.builder()
                  .name(STREAM)
                  .subjects(subjects)
                  .storageType(StorageType.File)
                  .build());
    } catch (IOException | JetStreamApiException e) {
      throw new AssertionError(e);
    }
  }

  /** Everything in the stream. */
  CollectedEvents stored(String subjects) {
    CollectedEvents events = new CollectedEvents();
    try {
      long expected =
          connection.jetStreamManagement().getStreamInfo(STREAM).getStreamState().getMsgCount();
      long[] seen = {0};
      Dispatcher dispatcher = connection.createDispatcher();
      connection
          .jetStream()
          .subscribe(
              subjects,
              dispatcher,
              message -> {
                events.add(message.getData());
                synchronized (seen) {
                  seen[0]++;
                }
              },
              false,
              PushSubscribeOptions.builder().ordered(true).build());
      await()
          .atMost(PATIENCE)
          .until(
              () -> {
                synchronized (seen) {
                  return seen[0] >= expected;
                }
              });
      connection.closeDispatcher(dispatcher);
      return events;
    } catch (IOException | JetStreamApiException e) {
      throw new AssertionError(e);
    }
  }

  /** Everything from now on. */
  CollectedEvents follow(String subjects) {
    CollectedEvents events = new CollectedEvents();
    follow(subjects, events::add);
    return events;
  }

  /**
   * Likewise.
   *
   * @param taker called by one thread
   */
  void follow(String subjects, Consumer<byte[]> taker) {
    Dispatcher dispatcher = connection.createDispatcher(message -> taker.accept(message.getData()));
    dispatcher.setPendingLimits(-1, -1);
    Dispatcher unused = dispatcher.subscribe(subjects);
    settled();
  }

  /** Returns when it is connected and the server knows what it subscribed to. */
  void settled() {
    await()
        .atMost(PATIENCE)
        .ignoreExceptions()
        .until(
            () -> {
              connection.flush(Duration.ofSeconds(5));
              return connection.getStatus() == Connection.Status.CONNECTED;
            });
  }

  @Override
  public void close() {
    try {
      connection.close();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }
}
