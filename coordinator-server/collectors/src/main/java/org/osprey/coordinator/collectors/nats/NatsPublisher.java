package org.osprey.coordinator.collectors.nats;

import com.google.errorprone.annotations.ThreadSafe;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.DoubleSupplier;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.osprey.coordinator.collectors.flow.Channel;
import org.osprey.coordinator.collectors.flow.Publisher;
import org.osprey.coordinator.core.Check;
import org.osprey.coordinator.core.Figures;
import org.osprey.coordinator.core.Measured;
import org.osprey.coordinator.core.Outage;
import org.osprey.coordinator.core.Supervised;
import org.osprey.coordinator.core.SupervisedLoop;
import org.osprey.coordinator.core.Ticker;
import org.osprey.coordinator.nats.NatsConnection;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Events to NATS over one connection of their own, which is replaced for ever when it breaks. Into
 * a stream they go at least once and in order, each with its id, by which the stream knows it
 * again. Without a stream they go at most once over a broken connection.
 */
@ThreadSafe
public final class NatsPublisher implements Publisher, Supervised, Measured {
  private static final Logger log = LoggerFactory.getLogger(NatsPublisher.class);
  private static final String COMPONENT = "collectors nats";
  private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(5);

  private final NatsPublisherSettings settings;
  private final Ticker ticker;
  private final DoubleSupplier random;
  private final NatsConnection connection;
  private final StreamSubjects streams;
  private final Confirmer confirmer;
  private final PublishCounts counts = new PublishCounts();
  private final ServerErrors errors = new ServerErrors();
  private final Outage outage = new Outage(COMPONENT);

  @SuppressWarnings("ThreadSafe") // of channels only what is for any thread is used
  private final Queue<NatsChannel> channels = new ConcurrentLinkedQueue<>();

  /**
   * @param connecting for the jitter between tries to connect; used by one thread
   * @param random in [0, 1), for other jitter; used by many threads
   */
  public NatsPublisher(
      NatsPublisherSettings settings,
      Ticker ticker,
      RandomGenerator connecting,
      DoubleSupplier random) {
    this.settings = settings;
    this.ticker = ticker;
    this.random = random;
    connection = new NatsConnection(settings.connection(), ticker, connecting, errors::heard);
    streams = new StreamSubjects(connection, errors, this::look, ticker);
    confirmer = new Confirmer(connection, errors, channels, this::look, ticker);
  }

  @Override
  public void start() {
    connection.start();
    confirmer.loops().forEach(SupervisedLoop::start);
    if (settings.jetStream() == JetStreamMode.AUTO) {
      streams.loops().forEach(SupervisedLoop::start);
    }
  }

  @Override
  public Channel open(Runnable wake) {
    SendingParts parts =
        new SendingParts(
            connection, new Ways(settings.jetStream(), streams), counts, ticker, random);
    NatsChannel channel = new NatsChannel(parts, confirmer::wake, wake, channels::remove);
    channels.add(channel);
    return channel;
  }

  /** How publishing stands. */
  public NatsPublisherStats stats() {
    return new NatsPublisherStats(
        connection.current() != null,
        counts.errors(),
        Math.max(0, connection.epoch() - 1),
        channels.stream().mapToLong(NatsChannel::inFlight).sum(),
        counts.unconfirmed());
  }

  @Override
  public Check check() {
    Check connected = connection.check();
    if (!connected.healthy()) {
      int failures = connection.failuresInARow();
      boolean patient = settings.maxReconnects() < 0 || failures < settings.maxReconnects();
      String detail = "%s, tries that failed: %d".formatted(connected.detail(), failures);
      return patient ? Check.ok(COMPONENT, detail) : Check.failed(COMPONENT, detail);
    }
    String trouble = trouble();
    return trouble == null
        ? Check.ok(COMPONENT, "%s jetstream=%s".formatted(connected.detail(), mode()))
        : Check.failed(COMPONENT, "%s: %s".formatted(connection.servers(), trouble));
  }

  @Override
  public void tell(Figures figures) {
    NatsPublisherStats stats = stats();
    figures.gauge(
        "collectors_nats_connected", "1 while there is a connection.", stats.connected() ? 1 : 0);
    figures.counter(
        "collectors_nats_reconnects", "Connections made in place of another.", stats.reconnects());
    figures.counter(
        "collectors_nats_errors", "Events whose sending failed, each time.", stats.publishErrors());
    figures.gauge("collectors_nats_in_flight", "Events sent and not settled.", stats.inFlight());
    figures.counter(
        "collectors_nats_unconfirmed_lost",
        "Events that a broken connection may not have delivered.",
        stats.unconfirmedLost());
  }

  @Override
  public List<SupervisedLoop> loops() {
    Stream<SupervisedLoop> own =
        settings.jetStream() == JetStreamMode.AUTO
            ? Stream.concat(confirmer.loops().stream(), streams.loops().stream())
            : confirmer.loops().stream();
    return Stream.concat(connection.loops().stream(), own).toList();
  }

  /** After the channels. */
  @Override
  public void close() {
    confirmer.wake();
    streams.askSoon();
    confirmer.loops().forEach(NatsPublisher::end);
    streams.loops().forEach(NatsPublisher::end);
    connection.close();
  }

  private static void end(SupervisedLoop loop) {
    if (!loop.close(CLOSE_TIMEOUT)) {
      log.warn("loop did not end in time: loop={}", loop.name());
    }
  }

  private @Nullable String trouble() {
    Optional<String> channel =
        channels.stream().map(NatsChannel::trouble).filter(Objects::nonNull).findFirst();
    return channel.orElseGet(
        () -> settings.jetStream() == JetStreamMode.AUTO ? streams.trouble() : null);
  }

  private String mode() {
    return settings.jetStream().name().toLowerCase(Locale.ROOT);
  }

  private void look() {
    channels.forEach(NatsChannel::look);
    // A lost connection is said by the connection itself.
    if (connection.current() != null) {
      outage.report(trouble());
    }
  }
}
