package org.osprey.coordinator.http;

import com.google.protobuf.Timestamp;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.jspecify.annotations.Nullable;
import org.osprey.coordinator.core.Action;
import org.osprey.coordinator.core.ActionNames;
import org.osprey.coordinator.core.CountingIds;
import org.osprey.coordinator.core.Dispatcher;
import org.osprey.coordinator.core.DispatcherSettings;
import org.osprey.coordinator.core.DispatcherSettings.Bounds;
import org.osprey.coordinator.core.InMemoryDeadLetters;
import org.osprey.coordinator.core.InMemoryOrigin;
import org.osprey.coordinator.core.InMemorySubmissions;
import org.osprey.coordinator.core.Lease;
import org.osprey.coordinator.core.Outcome;
import org.osprey.coordinator.core.Sources;
import org.osprey.coordinator.core.Submissions;
import org.osprey.coordinator.core.SupervisedLoop;
import org.osprey.coordinator.core.Target;
import org.osprey.coordinator.core.Ticker;
import org.osprey.coordinator.core.WorkerStream;
import org.osprey.coordinator.proto.common.v1.Verdicts;

/**
 * The HTTP port with a real dispatcher behind it, and one worker that does what the name of an
 * action says: {@code nack}, {@code hold}, {@code garbage}, {@code silent} (an ack without
 * verdicts), and verdicts for all others.
 */
final class ActionServer implements AutoCloseable {
  static final Instant NOW = Instant.parse("2026-11-21T10:15:30.5Z");
  static final Instant DECIDED_AT = Instant.parse("2026-11-21T10:15:31Z");
  static final int MAX_BODY = 2_000;
  static final Duration MAX_WAIT = Duration.ofSeconds(20);

  private final Dispatcher dispatcher;
  private final SupervisedLoop ticks;
  private final HttpServer server;
  private final HttpClient client = HttpClient.newHttpClient();
  private final BlockingQueue<Lease> held = new LinkedBlockingQueue<>();
  private final BlockingQueue<Action> seen = new LinkedBlockingQueue<>();
  private volatile Operator.Phase phase = Operator.Phase.RUNNING;
  private @Nullable WorkerStream stream;

  /** With submissions into an origin that nobody reads. */
  static ActionServer start(InMemoryOrigin origin, int room) {
    return start(new InMemorySubmissions(origin, room));
  }

  static ActionServer start(Submissions submissions) {
    return new ActionServer(submissions, Duration.ofMinutes(1));
  }

  /** For those only whom it lets in. */
  static ActionServer guarded(HttpSecurity security) {
    return new ActionServer(
        new InMemorySubmissions(new InMemoryOrigin(), 10), Duration.ofMinutes(1), security);
  }

  /** One whose connections are closed after so long a silence. */
  static ActionServer impatient(Duration idleTimeout) {
    return new ActionServer(action -> new java.util.concurrent.CompletableFuture<>(), idleTimeout);
  }

  private ActionServer(Submissions submissions, Duration idleTimeout) {
    this(submissions, idleTimeout, HttpSecurity.open());
  }

  private ActionServer(Submissions submissions, Duration idleTimeout, HttpSecurity security) {
    DispatcherSettings usual = DispatcherSettings.DEFAULTS;
    DispatcherSettings settings =
        new DispatcherSettings(
            new Bounds(300, 1 << 20),
            usual.async(),
            usual.leases(),
            usual.retries(),
            usual.agedAfter(),
            usual.agedShare(),
            usual.idleStream());
    Ticker ticker = Ticker.system();
    dispatcher =
        new Dispatcher(
            settings,
            ticker,
            InstantSource.system(),
            new Random(1),
            new InMemoryDeadLetters(),
            null);
    ticks = new SupervisedLoop("test-ticks", ticker, Duration.ofSeconds(10), this::tick);
    ticks.start();
    HttpSettings http = new HttpSettings(0, "127.0.0.1", MAX_BODY, 50, idleTimeout, 10, MAX_WAIT);
    Operator operator =
        new Operator(
            dispatcher, new Sources(Map.of()), null, List::of, () -> phase, "none", () -> {});
    server =
        new HttpServer(
            http,
            List.of(
                new ActionRoutes(
                    operator,
                    submissions,
                    new CountingIds(),
                    http,
                    ticker,
                    InstantSource.fixed(NOW))),
            security);
    try {
      server.start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** From now on there is a worker. */
  ActionServer withWorker() {
    stream = dispatcher.connect("worker", ActionNames.ALL, 10_000, new Worker());
    return this;
  }

  Dispatcher dispatcher() {
    return dispatcher;
  }

  void drain() {
    phase = Operator.Phase.DRAINING;
    dispatcher.drain();
  }

  int port() {
    return server.port();
  }

  /** What a worker was asked to hold. */
  Lease takeHeld() throws InterruptedException {
    return held.take();
  }

  /** The actions that reached the worker, in their order. */
  List<Action> seen() {
    return List.copyOf(seen);
  }

  void ack(Lease lease) {
    dispatcher.ack(connected(), lease.ackId(), verdicts(lease.action()));
  }

  /**
   * @param query with its question mark, or empty
   */
  HttpResponse<String> post(String query, String type, String body) {
    return post(query, type, BodyPublishers.ofString(body));
  }

  HttpResponse<String> post(String query, String type, BodyPublisher body) {
    return send(request(query).header("Content-Type", type).POST(body));
  }

  HttpResponse<String> send(HttpRequest.Builder request) {
    try {
      return client.send(request.build(), BodyHandlers.ofString());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  HttpRequest.Builder request(String query) {
    return HttpRequest.newBuilder(
        URI.create("http://127.0.0.1:%d/api/actions%s".formatted(server.port(), query)));
  }

  @Override
  public void close() {
    // First, so that no connection is left to wait for.
    client.shutdownNow();
    server.close();
    ticks.close();
  }

  private void tick() throws InterruptedException {
    dispatcher.tick();
    Thread.sleep(2);
  }

  private WorkerStream connected() {
    if (stream == null) {
      throw new IllegalStateException("there is no worker");
    }
    return stream;
  }

  private static Outcome.Acked verdicts(Action action) {
    Verdicts verdicts =
        Verdicts.newBuilder()
            .setActionId(action.id())
            .setActionName(action.name())
            .addVerdicts("verdict_for_" + action.idText())
            .setTimestamp(Timestamp.newBuilder().setSeconds(DECIDED_AT.getEpochSecond()))
            .build();
    return new Outcome.Acked(verdicts.toByteArray(), null);
  }

  private final class Worker implements Target {
    @Override
    public void lease(Lease lease) {
      seen.add(lease.action());
      // A real answer comes later, and on another thread.
      Thread unused = Thread.ofVirtual().start(() -> answer(lease));
    }

    private void answer(Lease lease) {
      switch (lease.action().name()) {
        case "nack" -> dispatcher.nack(connected(), lease.ackId());
        case "hold" -> held.add(lease);
        case "silent" -> dispatcher.ack(connected(), lease.ackId(), Outcome.Acked.EMPTY);
        case "garbage" ->
            dispatcher.ack(
                connected(), lease.ackId(), new Outcome.Acked(new byte[] {26, 1, -1}, null));
        default -> ack(lease);
      }
    }

    @Override
    public void end() {}
  }
}
