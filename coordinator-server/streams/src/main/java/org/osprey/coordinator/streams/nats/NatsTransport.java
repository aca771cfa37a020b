package org.osprey.coordinator.streams.nats;

import com.google.errorprone.annotations.ThreadSafe;
import com.google.protobuf.InvalidProtocolBufferException;
import io.nats.client.Connection;
import io.nats.client.Message;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.osprey.coordinator.core.Check;
import org.osprey.coordinator.core.Component;
import org.osprey.coordinator.core.Figures;
import org.osprey.coordinator.core.Measured;
import org.osprey.coordinator.core.Signal;
import org.osprey.coordinator.core.Supervised;
import org.osprey.coordinator.core.SupervisedLoop;
import org.osprey.coordinator.core.Ticker;
import org.osprey.coordinator.nats.NatsConnection;
import org.osprey.coordinator.proto.streams.v1.StateUpdate;
import org.osprey.coordinator.streams.Peers;
import org.osprey.coordinator.streams.StreamCommands;
import org.osprey.coordinator.streams.StreamIds;
import org.osprey.coordinator.streams.Transport;
import org.osprey.coordinator.streams.UpdateListeners;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Streams over NATS. One loop keeps the subscriptions there, whatever becomes of the connection;
 * commands and updates come in on the client's threads.
 *
 * <p>Updates that cannot be sent at once are left out: during an outage nothing piles up that would
 * come late.
 */
@ThreadSafe
@SuppressWarnings("ThreadSafe") // what others serve is
public final class NatsTransport implements Transport, Peers, Component, Supervised, Measured {
  static final String COMPONENT = "streams transport";

  private static final Logger log = LoggerFactory.getLogger(NatsTransport.class);
  private static final Duration LOOK_EVERY = Duration.ofMillis(200);
  private static final Duration STUCK_AFTER = Duration.ofSeconds(60);
  private static final Duration CLOSE_STEP = Duration.ofSeconds(2);

  private final NatsConnection connection;
  private final NatsTransportSettings settings;
  private final TransportCounts counts = new TransportCounts();
  private final UpdateListeners listeners = new UpdateListeners();
  private final Signal signal = new Signal();
  private final Watches watches = new Watches(listeners, signal);
  private final List<Route> routes = new CopyOnWriteArrayList<>();
  private final Requests requests;
  private final Inbound inbound;
  private final Pulse pulse;
  private final SupervisedLoop loop;

  private volatile @Nullable StreamCommands served;

  /** Written by the loop. */
  private volatile @Nullable Session session;

  /** Belongs to the loop. */
  private long epoch;

  /**
   * @param connection closed by its owner, after this
   */
  public NatsTransport(NatsConnection connection, NatsTransportSettings settings, Ticker ticker) {
    this.connection = connection;
    this.settings = settings;
    requests = new Requests(connection, settings, counts);
    inbound = new Inbound(new Answers(connection, counts), settings.maxUnderWay(), counts);
    pulse = new Pulse(ticker, settings.stalledAfter(), counts);
    loop = new SupervisedLoop("streams-nats", ticker, STUCK_AFTER, this::step);
  }

  @Override
  public void start() {
    loop.start();
    signal.wake();
  }

  @Override
  public void serve(StreamCommands streams) {
    served = streams;
    routes.addAll(Route.shared(inbound, streams));
    signal.wake();
  }

  @Override
  public void serveAs(String instance, StreamCommands owned) {
    if (instance.isEmpty()) {
      throw new IllegalArgumentException("instance must have a name, got an empty one");
    }
    routes.addAll(Route.own(instance, inbound, owned));
    signal.wake();
  }

  /** This process's own way to all streams where it serves them; any coordinator otherwise. */
  @Override
  public StreamCommands streams() {
    StreamCommands here = served;
    return here != null ? here : new RemoteCommands(requests, Subjects.ANY);
  }

  @Override
  public StreamCommands peer(String instance) {
    return new RemoteCommands(requests, Subjects.instance(instance));
  }

  @Override
  public void publish(StateUpdate update) {
    if (pulse.isSteady() && StreamIds.isValid(update.getStreamId()) && send(update)) {
      counts.published.increment();
    } else {
      counts.leftOut.increment();
    }
  }

  @Override
  public CompletionStage<Watch> watch(String streamId, Consumer<StateUpdate> listener) {
    String problem = StreamIds.problem(streamId);
    if (problem != null) {
      return CompletableFuture.failedStage(new IllegalArgumentException(problem));
    }
    if (connection.current() == null) {
      return CompletableFuture.failedStage(
          new StreamCommands.UnreachableException(connection.check().detail()));
    }
    CompletionStage<Watch> added = watches.add(streamId, listener);
    if (loop.closing()) {
      // Nobody else would.
      watches.giveUp();
    }
    return added;
  }

  @Override
  public Check check() {
    Connection used = connection.current();
    if (used == null) {
      return Check.failed(COMPONENT, connection.check().detail());
    }
    String refused = refused(connection.serverError());
    if (refused != null) {
      return Check.failed(COMPONENT, refused);
    }
    Session live = session;
    if (live == null || !live.isOf(used) || !pulse.isSteady()) {
      String trouble = pulse.trouble();
      return Check.failed(COMPONENT, trouble == null ? "subscribing" : trouble);
    }
    return Check.ok(COMPONENT, "subscribed at " + used.getConnectedUrl());
  }

  @Override
  public List<SupervisedLoop> loops() {
    return List.of(loop);
  }

  @Override
  public void tell(Figures figures) {
    counts.tell(figures);
    figures.gauge(
        "streams_nats_under_way", "Commands that came in and are unanswered.", inbound.underWay());
    figures.gauge(
        "streams_nats_watched", "Streams that are subscribed to.", listeners.streams().size());
  }

  /** What was taken is answered first. Takes at most some seconds. */
  @Override
  public void close() {
    if (!loop.close(CLOSE_STEP)) {
      log.warn("loop did not end in time: loop={}", loop.name());
    }
    Session live = session;
    session = null;
    try {
      if (live != null) {
        end(live);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    pulse.stop();
    watches.giveUp();
  }

  private void end(Session live) throws InterruptedException {
    Connection used = connection.current();
    if (used == null || !live.isOf(used)) {
      return;
    }
    if (!live.drainCommands(CLOSE_STEP) || !inbound.awaitAnswers(CLOSE_STEP)) {
      log.warn("commands are left without an answer: under_way={}", inbound.underWay());
    }
    live.close(CLOSE_STEP);
  }

  private void step() throws InterruptedException {
    signal.await(LOOK_EVERY);
    Connection used = connection.current();
    if (used == null) {
      pulse.stop();
      watches.giveUp();
      return;
    }
    try {
      Session live = over(used);
      live.serve(routes);
      watches.bring(live, settings.requestTimeout());
      pulse.beat(live);
    } catch (IllegalStateException e) {
      // The connection was lost at this moment, or its outgoing queue is full.
      pulse.stop();
      log.debug("will be tried again: cause=\"{}\"", e.toString());
    }
  }

  private Session over(Connection used) {
    long now = connection.epoch();
    if (now != epoch) {
      epoch = now;
      pulse.forget();
    }
    Session live = session;
    if (live == null || !live.isOf(used)) {
      live = new Session(used, this::take);
      watches.startOver();
      session = live;
    }
    return live;
  }

  private boolean send(StateUpdate update) {
    Connection used = connection.current();
    if (used == null) {
      return false;
    }
    try {
      used.publish(Subjects.updates(update.getStreamId()), update.toByteArray());
      return true;
    } catch (IllegalStateException | IllegalArgumentException e) {
      pulse.stumble();
      return false;
    }
  }

  private void take(Message message) {
    counts.updates.increment();
    try {
      StateUpdate update = StateUpdate.parseFrom(message.getData());
      if (Subjects.isUpdates(message.getSubject(), update.getStreamId())) {
        listeners.tell(update);
        return;
      }
    } catch (InvalidProtocolBufferException e) {
      // Counted with those that name another stream.
    }
    counts.malformed.increment();
  }

  /** The server's complaint about one of our subjects, or null. */
  private static @Nullable String refused(@Nullable String complaint) {
    if (complaint == null) {
      return null;
    }
    String lower = complaint.toLowerCase(Locale.ROOT);
    boolean ours = lower.contains("\"orchestrator.") || lower.contains("\"stream.");
    return ours && lower.contains("permissions violation") ? complaint : null;
  }
}
