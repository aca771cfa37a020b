package org.osprey.coordinator.security;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.errorprone.annotations.ThreadSafe;
import com.nimbusds.jose.jwk.JWKSet;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.text.ParseException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.osprey.coordinator.core.Check;
import org.osprey.coordinator.core.Component;
import org.osprey.coordinator.core.RootMessage;
import org.osprey.coordinator.core.Supervised;
import org.osprey.coordinator.core.SupervisedLoop;
import org.osprey.coordinator.core.Ticker;

/** Fetches the issuer's keys, again and again: nobody who shows a JWT waits for them. */
@ThreadSafe
final class JwtKeys implements Component, Supervised {
  private static final Duration TIMEOUT = Duration.ofSeconds(5);
  private static final Duration STUCK_AFTER = Duration.ofSeconds(60);
  private static final Duration LOOK_EVERY = Duration.ofSeconds(1);

  /** Whoever shows JWTs with made-up keys must not make this hit the issuer. */
  private static final Duration SOONEST = Duration.ofSeconds(10);

  private static final int MAX_BYTES = 1 << 20;
  private static final int OK = 200;

  private final URI from;
  private final Duration refresh;
  private final Ticker ticker;

  @SuppressWarnings("ThreadSafe") // the one who checks JWTs
  private final Consumer<JWKSet> to;

  private final SupervisedLoop loop;
  private volatile boolean wanted = true;
  private volatile int keys;
  private volatile int fetched;
  private volatile @Nullable String problem;

  /** Both for the loop only. */
  private @Nullable HttpClient client;

  private @Nullable Long tried;

  JwtKeys(JwtSettings settings, Ticker ticker, Consumer<JWKSet> to) {
    from = settings.keys();
    refresh = settings.refresh();
    this.ticker = ticker;
    this.to = to;
    loop = new SupervisedLoop("jwt-keys", ticker, STUCK_AFTER, this::step);
  }

  @Override
  public void start() {
    loop.start();
  }

  /** Somebody showed a JWT of a key that is not known; perhaps it is new. */
  void want() {
    if (!wanted) {
      wanted = true;
    }
  }

  /** How often keys have come. */
  int fetched() {
    return fetched;
  }

  @Override
  public List<SupervisedLoop> loops() {
    return List.of(loop);
  }

  @Override
  public Check check() {
    String now = problem;
    if (now != null) {
      return Check.failed("jwt", "access.jwt.keys: " + now);
    }
    return Check.ok("jwt", keys + " keys");
  }

  @Override
  public void close() {
    loop.close();
  }

  private void step() throws InterruptedException {
    if (due()) {
      tried = ticker.nanos();
      wanted = false;
      fetch();
    }
    LockSupport.parkNanos(this, LOOK_EVERY.toNanos());
  }

  private boolean due() {
    Long last = tried;
    if (last == null) {
      return true;
    }
    long since = ticker.nanos() - last;
    boolean soon = wanted || problem != null;
    return since >= (soon ? SOONEST : refresh).toNanos();
  }

  @SuppressWarnings("NonAtomicVolatileUpdate") // only the loop writes it
  private void fetch() throws InterruptedException {
    try {
      JWKSet found = JWKSet.parse(text());
      keys = found.getKeys().size();
      to.accept(found);
      fetched++;
      problem = null;
    } catch (IOException | ParseException e) {
      problem = "%s: %s".formatted(from, RootMessage.of(e));
    }
  }

  private String text() throws IOException, InterruptedException {
    if ("file".equals(from.getScheme())) {
      try (InputStream in = Files.newInputStream(Path.of(from))) {
        return text(in);
      }
    }
    HttpRequest request = HttpRequest.newBuilder(from).timeout(TIMEOUT).GET().build();
    HttpResponse<InputStream> answer =
        client().send(request, HttpResponse.BodyHandlers.ofInputStream());
    try (InputStream in = answer.body()) {
      if (answer.statusCode() != OK) {
        throw new IOException("answers " + answer.statusCode());
      }
      return text(in);
    }
  }

  private static String text(InputStream in) throws IOException {
    byte[] bytes = in.readNBytes(MAX_BYTES + 1);
    if (bytes.length > MAX_BYTES) {
      throw new IOException("answers more than %d bytes".formatted(MAX_BYTES));
    }
    return new String(bytes, UTF_8);
  }

  /** Made when it is needed: constructors do no I/O, and this one begins threads. */
  private HttpClient client() {
    HttpClient now = client;
    if (now == null) {
      now = HttpClient.newBuilder().connectTimeout(TIMEOUT).build();
      client = now;
    }
    return now;
  }
}
