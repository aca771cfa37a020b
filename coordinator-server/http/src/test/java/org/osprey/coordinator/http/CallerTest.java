package org.osprey.coordinator.http;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.http.HttpRequest;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.osprey.coordinator.core.ManualTicker;
import org.osprey.coordinator.security.Role;

/** Whether somebody who was let in would be later. */
@Timeout(60)
class CallerTest {
  private static final String WATCH = "/watch";
  private static final Duration LOOKED_AT = Duration.ofSeconds(1);

  private final ManualTicker ticker = new ManualTicker();
  private final AtomicReference<Caller> last = new AtomicReference<>();
  @TempDir private Path folder;
  private KnownCallers callers;
  private HttpFixture http;

  @BeforeEach
  void open() {
    callers = KnownCallers.ofEachRole(folder).anonymous(Role.VIEWER).at(ticker);
    http =
        new HttpFixture(
            callers.security(),
            routes -> routes.get(WATCH, context -> last.set(Caller.of(context)), Need.VIEWER));
  }

  @AfterEach
  void close() {
    http.close();
    callers.close();
  }

  @Test
  void aSessionOfLongAgoSendsNobodyAwayWhoNeedsNone() {
    Caller caller =
        watch(
            http.request(WATCH)
                .header("Cookie", "coordinator-session-%d=old".formatted(http.port())));
    assertFalse(isGoneLater(caller));
  }

  @Test
  void aTokenThatIsGoodStaysGood() {
    assertFalse(isGoneLater(watch(as("viewer"))));
  }

  @Test
  void aTokenOfSomebodyElseNowMayNotBeEnough() {
    Caller caller = watch(as("viewer"));
    callers.write("worker", KnownCallers.token("viewer"));
    callers.write("viewer", KnownCallers.token("another"));
    await().until(() -> http.send(as("viewer").GET()).status() == 403);
    assertTrue(isGoneLater(caller));
  }

  private HttpRequest.Builder as(String name) {
    return http.request(WATCH).header("Authorization", KnownCallers.bearer(name));
  }

  private Caller watch(HttpRequest.Builder request) {
    assertEquals(200, http.send(request.GET()).status());
    return Objects.requireNonNull(last.get());
  }

  private boolean isGoneLater(Caller caller) {
    ticker.advance(LOOKED_AT);
    return caller.isGone();
  }
}
