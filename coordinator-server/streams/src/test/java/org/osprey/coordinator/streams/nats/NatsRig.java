package org.osprey.coordinator.streams.nats;

import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.osprey.coordinator.core.Component;
import org.osprey.coordinator.core.Ticker;
import org.osprey.coordinator.nats.NatsConnection;
import org.osprey.coordinator.nats.NatsConnectionSettings;
import org.osprey.coordinator.streams.RecordedStreams;
import org.osprey.coordinator.streams.StreamCommands;
import org.osprey.coordinator.streams.TransportRig;

/** Coordinators with a connection each to one server. */
final class NatsRig implements TransportRig {
  /** No test of this machine's speed. */
  static final NatsTransportSettings PATIENT =
      new NatsTransportSettings(Duration.ofSeconds(20), 10_000, Duration.ofSeconds(20));

  private static final Duration PATIENCE = Duration.ofMinutes(1);

  private final NatsConnectionSettings connecting;
  private final List<Component> opened = new ArrayList<>();

  NatsRig(String url) {
    this(NatsConnectionSettings.of(url));
  }

  NatsRig(NatsConnectionSettings connecting) {
    this.connecting = connecting;
  }

  @Override
  public Node node(@Nullable StreamCommands served, @Nullable String instance) {
    return Node.of(transport(PATIENT, served, instance));
  }

  NatsTransport transport(
      NatsTransportSettings settings, @Nullable StreamCommands served, @Nullable String instance) {
    NatsTransport transport = started(settings, served, instance);
    await().atMost(PATIENCE).until(() -> transport.check().healthy());
    return transport;
  }

  /** Does not wait until it is ready. */
  NatsTransport started(
      NatsTransportSettings settings, @Nullable StreamCommands served, @Nullable String instance) {
    NatsConnection connection = new NatsConnection(connecting, Ticker.system(), new Random(1));
    NatsTransport transport = new NatsTransport(connection, settings, Ticker.system());
    opened.add(connection);
    opened.add(transport);
    if (served != null) {
      transport.serve(served);
    }
    if (instance != null) {
      transport.serveAs(instance, new RecordedStreams(instance));
    }
    connection.start();
    transport.start();
    return transport;
  }

  @Override
  public void close() {
    opened.reversed().forEach(Component::close);
  }
}
