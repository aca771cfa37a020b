package org.osprey.coordinator.etcd;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.osprey.coordinator.core.Announcer.Endpoint;
import org.osprey.coordinator.core.Backoff;
import org.osprey.coordinator.core.ManualTicker;
import org.osprey.coordinator.etcd.Registration.Standing.State;

/** The loop's turns, taken by hand on a clock that is moved by hand. */
class RegistrationTest {
  private static final List<Endpoint> ENDPOINTS = List.of(new Endpoint("service", 1));
  private final RegistryException noAnswer =
      RegistryException.noAnswer("etcd.peers=x: no answer", "refused", null);
  private final RegistryException notOffered = RegistryException.notOffered("status 404");

  private final EtcdSettings settings =
      EtcdSettings.builder(List.of(URI.create("http://x:1"))).podIp("192.0.2.7").build();
  private final ManualTicker ticker = new ManualTicker();
  private final InMemoryRegistry registry = new InMemoryRegistry("store");
  private final Registration registration =
      new Registration(
          registry,
          settings,
          new Instances(settings),
          ticker,
          new Backoff(Registration.FIRST_REST, Registration.LONGEST_REST, () -> 0.999_999),
          new Outage());

  @Test
  void nothingIsAskedBeforeThereIsAWish() throws InterruptedException {
    registration.turn();
    assertEquals(List.of(), registry.takeCalls());
    assertEquals(State.WAITING, registration.standing().state());
  }

  @Test
  void keysAreComparedEachVerifyAndRenewedEachRefresh() throws InterruptedException {
    announce();
    assertEquals(List.of("write"), registry.takeCalls());
    assertEquals(State.REGISTERED, registration.standing().state());
    for (int second = 4; second < 12; second += 4) {
      advance(settings.verify());
      assertEquals(List.of("holds"), registry.takeCalls());
    }
    advance(settings.verify());
    assertEquals(List.of("holds", "write"), registry.takeCalls());
  }

  @Test
  void keysThatAreGoneAreWrittenAtTheNextLook() throws InterruptedException {
    announce();
    registry.entries = List.of();
    advance(settings.verify());
    assertEquals(List.of("write", "holds", "write"), registry.takeCalls());
    assertEquals(1, registry.entries.size());
  }

  @Test
  void drainingIsWrittenAtOnceAndOnce() throws InterruptedException {
    announce();
    registration.want(present(true));
    registration.turn();
    registration.want(present(true));
    assertEquals(List.of("write", "write"), registry.takeCalls());
    assertTrue(registry.entries.getFirst().value().endsWith("\"draining\":true}"));
  }

  @Test
  void theDelayIsKept() throws InterruptedException {
    registration.want(new Wish.Present(ENDPOINTS, false, Duration.ofSeconds(1).toNanos()));
    ticker.advance(Duration.ofMillis(999));
    registration.turn();
    assertEquals(List.of(), registry.takeCalls());
    advance(Duration.ofMillis(1));
    assertEquals(List.of("write"), registry.takeCalls());
  }

  @Test
  void failuresAreRepeatedAfterABackoffOfAtMostFiveSeconds() throws InterruptedException {
    registry.failure = noAnswer;
    announce();
    assertEquals(State.TROUBLE, registration.standing().state());
    assertTrue(registration.standing().detail().contains("etcd.peers=x"));
    for (long millis : new long[] {200, 400, 800, 1600, 3200, 5000, 5000}) {
      registry.takeCalls();
      ticker.advance(Duration.ofMillis(millis - 1));
      assertFalse(isDue());
      ticker.advance(Duration.ofMillis(1));
      registration.turn();
      assertEquals(List.of("write"), registry.takeCalls());
    }
    registry.failure = null;
    advance(Duration.ofSeconds(5));
    assertEquals(State.REGISTERED, registration.standing().state());
  }

  @Test
  void aNewWishWaitsForNoBackoff() throws InterruptedException {
    registry.failure = noAnswer;
    announce();
    registration.want(present(true));
    registration.turn();
    assertEquals(List.of("write", "write"), registry.takeCalls());
  }

  @Test
  void aStoreThatIsNotThereIsLookedForEachRefresh() throws InterruptedException {
    registry.failure = notOffered;
    announce();
    assertEquals(State.NOT_OFFERED, registration.standing().state());
    registry.takeCalls();
    registry.failure = null;
    ticker.advance(settings.refresh().minusMillis(1));
    assertFalse(isDue());
    advance(Duration.ofMillis(1));
    assertEquals(List.of("write"), registry.takeCalls());
    assertEquals(State.REGISTERED, registration.standing().state());
  }

  @Test
  void whatWasWrittenIsRemoved() throws InterruptedException {
    announce();
    registration.want(new Wish.Gone());
    registration.turn();
    assertEquals(List.of("write", "remove"), registry.takeCalls());
    assertTrue(registration.gone().isDone());
    assertEquals(State.GONE, registration.standing().state());
    assertEquals(List.of(), registry.entries);
  }

  @Test
  void whatMayHaveBeenWrittenIsRemovedToo() throws InterruptedException {
    registry.failure = noAnswer;
    announce();
    advance(Registration.FIRST_REST);
    registry.takeCalls();
    registration.want(new Wish.Gone());
    registration.turn();
    assertFalse(registration.gone().isDone());
    registry.failure = null;
    advance(Registration.FIRST_REST);
    assertEquals(List.of("remove", "remove"), registry.takeCalls());
    assertTrue(registration.gone().isDone());
  }

  @Test
  void aRemovalThatIsRefusedIsOver() throws InterruptedException {
    announce();
    registry.failure = RegistryException.refused("etcd.user: not authorized", null);
    registration.want(new Wish.Gone());
    registration.turn();
    assertTrue(registration.gone().isCompletedExceptionally());
    assertEquals("etcd.user: not authorized", registration.standing().detail());
  }

  @Test
  void whatWasNeverWrittenNeedsNoRemoval() throws InterruptedException {
    registration.want(new Wish.Gone());
    registration.turn();
    assertEquals(List.of(), registry.takeCalls());
    assertTrue(registration.gone().isDone());
  }

  @Test
  void aStoreThatIsNoLongerThereNeedsNoRemoval() throws InterruptedException {
    announce();
    registry.failure = notOffered;
    registration.want(new Wish.Gone());
    registration.turn();
    registration.turn();
    assertEquals(List.of("write", "remove"), registry.takeCalls());
    assertTrue(registration.gone().isDone());
  }

  private void announce() throws InterruptedException {
    registration.want(present(false));
    registration.turn();
  }

  private void advance(Duration by) throws InterruptedException {
    ticker.advance(by);
    registration.turn();
  }

  /** A turn of which nothing is due waits for the bell; a bell that has rung ends it at once. */
  private boolean isDue() throws InterruptedException {
    registry.takeCalls();
    registration.turn();
    return !registry.takeCalls().isEmpty();
  }

  private static Wish present(boolean draining) {
    return new Wish.Present(ENDPOINTS, draining, 0);
  }
}
