package org.osprey.coordinator.nats;

import com.google.errorprone.annotations.ThreadSafe;
import io.nats.client.AuthenticationException;
import io.nats.client.Connection;
import io.nats.client.Connection.Status;
import io.nats.client.Nats;
import io.nats.client.Options;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BiConsumer;
import java.util.random.RandomGenerator;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;
import org.osprey.coordinator.core.Check;
import org.osprey.coordinator.core.Component;
import org.osprey.coordinator.core.Outage;
import org.osprey.coordinator.core.Supervised;
import org.osprey.coordinator.core.SupervisedLoop;
import org.osprey.coordinator.core.Ticker;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one connection to NATS that everything here shares. It is made in the background, and made
 * again for ever: the client reconnects by itself unless the settings say otherwise, and where it
 * gives up, as after a refused login, one loop replaces it. Its owner closes it after all that use
 * it.
 */
@ThreadSafe
public final class NatsConnection implements Component, Supervised {
  private static final Logger log = LoggerFactory.getLogger(NatsConnection.class);
  private static final String COMPONENT = "nats connection";
  private static final Duration STUCK_AFTER = Duration.ofSeconds(60);
  private static final Duration LOOK_EVERY = Duration.ofMillis(200);
  private static final Duration FIRST_BACKOFF = Duration.ofMillis(250);
  private static final Duration LONGEST_BACKOFF = Duration.ofSeconds(5);
  private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(5);

  private final NatsConnectionSettings settings;
  private final RandomGenerator random;
  private final Outage outage = new Outage(COMPONENT);
  private final SupervisedLoop loop;
  private final CountDownLatch closing = new CountDownLatch(1);
  private final AtomicLong epoch = new AtomicLong();
  private final ConnectionEvents events;
  private final AtomicInteger failures = new AtomicInteger();

  private volatile @Nullable Connection connection;

  /** Belongs to the loop. */
  private Duration backoff = FIRST_BACKOFF;

  /**
   * @param random for the jitter of waits; used by one thread
   */
  public NatsConnection(NatsConnectionSettings settings, Ticker ticker, RandomGenerator random) {
    this(settings, ticker, random, (connection, error) -> {});
  }

  /**
   * @param serverErrors told of each complaint of the server, such as a missing permission, on a
   *     thread of the client's
   */
  public NatsConnection(
      NatsConnectionSettings settings,
      Ticker ticker,
      RandomGenerator random,
      BiConsumer<Connection, String> serverErrors) {
    this.settings = settings;
    this.random = random;
    events = new ConnectionEvents(epoch, serverErrors);
    loop = new SupervisedLoop("nats-connection", ticker, STUCK_AFTER, this::step);
  }

  @Override
  public void start() {
    loop.start();
  }

  /** The connection, or null while there is none. May be another one each time. */
  public @Nullable Connection current() {
    Connection made = connection;
    return made != null && made.getStatus() == Status.CONNECTED ? made : null;
  }

  /**
   * Another number after each interruption: requests that were open before get no answer any more.
   */
  public long epoch() {
    return epoch.get();
  }

  @Override
  public Check check() {
    Connection used = current();
    if (used != null) {
      return Check.ok(COMPONENT, "server=%s".formatted(used.getConnectedUrl()));
    }
    String trouble = outage.trouble();
    return Check.failed(COMPONENT, trouble != null ? trouble : "connecting to " + servers());
  }

  @Override
  public List<SupervisedLoop> loops() {
    return List.of(loop);
  }

  @Override
  public void close() {
    closing.countDown();
    if (!loop.close(CLOSE_TIMEOUT)) {
      log.warn("loop did not end in time: loop={}", loop.name());
    }
    discard();
  }

  /** How often in a row it could not be made; 0 when the last try worked. */
  public int failuresInARow() {
    return failures.get();
  }

  /** The servers with the name of their setting, for people. */
  public String servers() {
    return settings.names().servers() + "=" + String.join(",", settings.servers());
  }

  /** What the server complained about since it was connected, or null. */
  public @Nullable String serverError() {
    return events.lastError();
  }

  private void step() throws InterruptedException {
    Connection made = connection;
    if (made == null || made.getStatus() == Status.CLOSED) {
      if (made != null && !settings.reconnects()) {
        connection = null;
        outage.report(servers() + ": the connection broke");
        rest(nextBackoff());
      }
      connect();
      return;
    }
    if (made.getStatus() == Status.CONNECTED) {
      outage.report(null);
      backoff = FIRST_BACKOFF;
    } else {
      outage.report(servers() + ": no server answers");
    }
    rest(LOOK_EVERY);
  }

  private void connect() throws InterruptedException {
    events.forget();
    try {
      Options options =
          ClientOptions.of(settings).errorListener(events).connectionListener(events).build();
      connection = Nats.connect(options);
      epoch.incrementAndGet();
      failures.set(0);
      outage.report(null);
      if (loop.closing()) {
        discard();
      }
    } catch (IOException | TroubleException | IllegalArgumentException e) {
      failures.incrementAndGet();
      outage.report(explain(e));
      rest(nextBackoff());
    }
  }

  private String explain(Exception failure) {
    if (failure instanceof TroubleException) {
      return String.valueOf(failure.getMessage());
    }
    if (failure instanceof AuthenticationException || isLoginRefused(events.lastError())) {
      return settings.loginSetting() + ": login refused";
    }
    Exception detail = events.lastFailure();
    String tls = detail == null ? null : tlsProblem(detail);
    return tls != null ? NatsTlsSettings.SETTINGS + tls : servers() + ": no server answers";
  }

  /** The client itself notices only now and then. */
  private static boolean isLoginRefused(@Nullable String serverError) {
    return serverError != null
        && serverError.toLowerCase(Locale.ROOT).contains("authorization violation");
  }

  private static @Nullable String tlsProblem(Throwable failure) {
    if (failure instanceof SSLException) {
      return failure.getMessage();
    }
    String message = failure.getMessage();
    if (message != null && message.contains("SSL")) {
      return message;
    }
    return failure.getCause() == null ? null : tlsProblem(failure.getCause());
  }

  private Duration nextBackoff() {
    Duration now = backoff;
    Duration twice = backoff.multipliedBy(2);
    backoff = twice.compareTo(LONGEST_BACKOFF) > 0 ? LONGEST_BACKOFF : twice;
    return now.plusNanos(random.nextLong(now.toNanos()));
  }

  private void rest(Duration atMost) throws InterruptedException {
    boolean unused = closing.await(atMost.toMillis(), TimeUnit.MILLISECONDS);
  }

  private void discard() {
    Connection made = connection;
    if (made == null) {
      return;
    }
    try {
      made.close();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
