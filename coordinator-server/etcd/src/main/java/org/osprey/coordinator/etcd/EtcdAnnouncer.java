package org.osprey.coordinator.etcd;

import com.google.errorprone.annotations.ThreadSafe;
import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.DoubleSupplier;
import java.util.stream.Collectors;
import org.osprey.coordinator.core.Announcer;
import org.osprey.coordinator.core.Backoff;
import org.osprey.coordinator.core.Check;
import org.osprey.coordinator.core.Supervised;
import org.osprey.coordinator.core.SupervisedLoop;
import org.osprey.coordinator.core.Ticker;
import org.osprey.coordinator.etcd.Registration.Standing;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Announces endpoints in both stores of etcd: v3, and v2 where the server has it. Each has a loop
 * of its own, so that neither waits for the other, and nobody else waits for either.
 */
@ThreadSafe
public final class EtcdAnnouncer implements Announcer, Supervised {
  private static final Logger log = LoggerFactory.getLogger(EtcdAnnouncer.class);
  private static final String NAME = "etcd";
  private static final Duration LAST_STEP = Duration.ofSeconds(1);

  private final EtcdSettings settings;
  private final Ticker ticker;
  private final List<Store> stores;

  @GuardedBy("this")
  private Wish wish = new Wish.Nothing(false);

  private record Store(InstanceRegistry registry, Registration registration, SupervisedLoop loop) {}

  /**
   * @param settings with at least one peer
   * @param random in [0, 1), for the jitter of the backoff
   */
  public EtcdAnnouncer(EtcdSettings settings, Ticker ticker, DoubleSupplier random) {
    this(settings, ticker, random, List.of(new LeasedKeys(settings), new ExpiringKeys(settings)));
  }

  EtcdAnnouncer(
      EtcdSettings settings,
      Ticker ticker,
      DoubleSupplier random,
      List<InstanceRegistry> registries) {
    if (!settings.isEnabled()) {
      throw new IllegalArgumentException("etcd.peers must not be empty, got none");
    }
    this.settings = settings;
    this.ticker = ticker;
    Instances instances = new Instances(settings);
    Outage outage = new Outage();
    stores =
        registries.stream()
            .map(
                registry ->
                    store(
                        registry,
                        new Registration(
                            registry,
                            settings,
                            instances,
                            ticker,
                            new Backoff(Registration.FIRST_REST, Registration.LONGEST_REST, random),
                            outage)))
            .toList();
  }

  /**
   * @throws IllegalStateException when called again
   */
  @Override
  public synchronized void announce(List<Endpoint> endpoints) {
    if (wish instanceof Wish.Nothing) {
      stores.forEach(store -> store.loop().start());
    }
    wish(wish.announced(endpoints, ticker.nanos() + settings.announceDelay().toNanos()));
  }

  @Override
  public synchronized void markDraining() {
    wish(wish.drained());
  }

  /** Waits for etcd no longer than the close timeout; after that the keys end with their lives. */
  @Override
  public void withdraw() {
    if (withdrawn()) {
      return;
    }
    if (!awaitGone()) {
      log.warn(
          "could not withdraw from etcd, keys end by themselves: ttlSeconds={}",
          settings.ttl().toSeconds());
    }
    stores.forEach(store -> store.loop().close(Duration.ZERO));
    stores.forEach(store -> store.registry().close());
    stores.forEach(store -> store.loop().close(LAST_STEP));
  }

  /** Healthy when etcd says what it shall say, as far as it has the store for it. */
  @Override
  public Check check() {
    String standings = stores.stream().map(EtcdAnnouncer::line).collect(Collectors.joining("; "));
    return new Check(NAME, stores.stream().allMatch(EtcdAnnouncer::isWell), standings);
  }

  @Override
  public List<SupervisedLoop> loops() {
    return stores.stream().map(Store::loop).toList();
  }

  private Store store(InstanceRegistry registry, Registration registration) {
    String name = NAME + "-" + registry.name();
    return new Store(
        registry,
        registration,
        new SupervisedLoop(name, ticker, stuckAfter(settings), registration::turn));
  }

  /** A turn has few requests for each key, each of which may go to every peer. */
  private static Duration stuckAfter(EtcdSettings settings) {
    return settings
        .requestTimeout()
        .multipliedBy(10L * (settings.peers().size() + 1))
        .plusSeconds(10);
  }

  @GuardedBy("this")
  private void wish(Wish next) {
    wish = next;
    stores.forEach(store -> store.registration().want(next));
  }

  /**
   * @return whether nothing is left to do
   */
  private synchronized boolean withdrawn() {
    boolean never = wish instanceof Wish.Nothing;
    boolean already = wish instanceof Wish.Gone;
    wish(new Wish.Gone());
    return never || already;
  }

  private boolean awaitGone() {
    CompletableFuture<?>[] all =
        stores.stream().map(store -> store.registration().gone()).toArray(CompletableFuture[]::new);
    try {
      CompletableFuture.allOf(all).get(settings.closeTimeout().toNanos(), TimeUnit.NANOSECONDS);
      return true;
    } catch (TimeoutException | ExecutionException e) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private static boolean isWell(Store store) {
    boolean asWished =
        switch (store.registration().standing().state()) {
          case REGISTERED, NOT_OFFERED -> true;
          case WAITING, TROUBLE, GONE -> false;
        };
    return asWished && store.loop().check().healthy();
  }

  private static String line(Store store) {
    Standing standing = store.registration().standing();
    Check loop = store.loop().check();
    return store.registry().name() + ": " + (loop.healthy() ? standing.detail() : loop.detail());
  }
}
