package org.osprey.coordinator.collectors.nats;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.nats.client.Connection;
import io.nats.client.ErrorListener;
import io.nats.client.JetStreamApiException;
import io.nats.client.JetStreamManagement;
import io.nats.client.JetStreamSubscription;
import io.nats.client.Message;
import io.nats.client.Nats;
import io.nats.client.Options;
import io.nats.client.PushSubscribeOptions;
import io.nats.client.api.StreamConfiguration;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** Somebody else's client of a server: makes streams, and sees what arrives. */
final class OtherClient implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofMinutes(1);

  private final Connection connection;

  OtherClient(String url) throws IOException, InterruptedException {
    connection =
        Nats.connect(
            Options.builder()
                .server(url)
                .maxReconnects(-1)
                .errorListener(new ErrorListener() {})
                .build());
  }

  /** The bodies that arrive for a subject from now on, as texts. */
  List<String> subscribe(String subject) throws Exception {
    List<String> arrived = Collections.synchronizedList(new ArrayList<>());
    connection
        .createDispatcher(message -> arrived.add(new String(message.getData(), UTF_8)))
        .subscribe(subject)
        .setPendingLimits(-1, -1);
    connection.flush(PATIENCE);
    return arrived;
  }

  void createStream(StreamConfiguration.Builder configuration)
      throws IOException, JetStreamApiException {
    streams().addStream(configuration.build());
  }

  JetStreamManagement streams() throws IOException {
    return connection.jetStreamManagement();
  }

  /** The bodies that a stream has for a subject, in its order. */
  List<String> stored(String stream, String subject) throws Exception {
    JetStreamSubscription subscription =
        connection
            .jetStream()
            .subscribe(
                subject, PushSubscribeOptions.builder().stream(stream).ordered(true).build());
    List<String> bodies = new ArrayList<>();
    Message next = subscription.nextMessage(PATIENCE);
    while (next != null) {
      bodies.add(new String(next.getData(), UTF_8));
      next = next.metaData().pendingCount() == 0 ? null : subscription.nextMessage(PATIENCE);
    }
    subscription.unsubscribe();
    return bodies;
  }

  @Override
  public void close() {
    try {
      connection.close();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
