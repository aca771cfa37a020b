package org.osprey.coordinator.etcd;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.osprey.coordinator.core.Backoff;
import org.osprey.coordinator.core.Ticker;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes one store hold what is wished for, and keeps it that way. One loop takes turns; any thread
 * may wish and look at the standing.
 */
final class Registration {
  static final Duration FIRST_REST = Duration.ofMillis(200);

  /** Short enough to be there again within 15 s of etcd, whatever the jitter and the time-outs. */
  static final Duration LONGEST_REST = Duration.ofSeconds(5);

  private static final Logger log = LoggerFactory.getLogger(Registration.class);

  /** So that a ticker that is not the system's is followed. */
  private static final Duration LONGEST_SLEEP = Duration.ofSeconds(1);

  private final InstanceRegistry registry;
  private final EtcdSettings settings;
  private final Instances instances;
  private final Ticker ticker;
  private final Backoff backoff;
  private final Outage outage;

  private final Semaphore bell = new Semaphore(0);
  private final CompletableFuture<Void> gone = new CompletableFuture<>();
  private volatile Wish wish = new Wish.Nothing(false);
  private volatile Standing standing = new Standing(Standing.State.WAITING, "not announced yet");

  // Only the loop uses what follows.
  private Wish attended = wish;
  private long due;
  private List<Instance> written = List.of();
  private long writtenAt;

  /** What the store may hold, for all we know: a request without an answer may have been done. */
  private List<Instance> traces = List.of();

  Registration(
      InstanceRegistry registry,
      EtcdSettings settings,
      Instances instances,
      Ticker ticker,
      Backoff backoff,
      Outage outage) {
    this.registry = registry;
    this.settings = settings;
    this.instances = instances;
    this.ticker = ticker;
    this.backoff = backoff;
    this.outage = outage;
    due = ticker.nanos();
  }

  void want(Wish next) {
    wish = next;
    bell.release();
  }

  Standing standing() {
    return standing;
  }

  /** Completes when the wish to be gone is fulfilled, or refused. */
  CompletableFuture<Void> gone() {
    return gone;
  }

  /** Waits until something is due, or does it. */
  void turn() throws InterruptedException {
    Wish current = wish;
    if (!current.equals(attended)) {
      renewed(current);
    }
    long rest = due - ticker.nanos();
    if (rest > 0) {
      await(Math.min(rest, LONGEST_SLEEP.toNanos()));
    } else {
      due = ticker.nanos() + attend(current).toNanos();
    }
  }

  /** A new wish waits for no backoff. */
  private void renewed(Wish current) {
    attended = current;
    backoff.reset();
    long now = ticker.nanos();
    long delay = current instanceof Wish.Present present ? present.notBefore() - now : 0;
    due = now + Math.max(0, delay);
  }

  private void await(long nanos) throws InterruptedException {
    if (bell.tryAcquire(nanos, TimeUnit.NANOSECONDS)) {
      bell.drainPermits();
    }
  }

  /**
   * @return when to look again
   */
  private Duration attend(Wish current) {
    try {
      bring(instances.of(current));
      backoff.reset();
      fulfilled(current);
      return settings.verify();
    } catch (RegistryException e) {
      return failed(current, e);
    }
  }

  private void bring(List<Instance> wanted) throws RegistryException {
    if (wanted.isEmpty()) {
      removeTraces();
      return;
    }
    boolean asWritten = wanted.equals(written);
    boolean lost = asWritten && !registry.holds(wanted);
    if (lost) {
      log.info("keys in etcd were gone, writing them again: store={}", registry.name());
    }
    if (!asWritten || lost || ticker.nanos() - writtenAt >= settings.refresh().toNanos()) {
      write(wanted);
    }
  }

  private void write(List<Instance> wanted) throws RegistryException {
    traces = wanted;
    registry.write(wanted);
    written = wanted;
    writtenAt = ticker.nanos();
  }

  private void removeTraces() throws RegistryException {
    if (!traces.isEmpty()) {
      registry.remove(traces);
    }
    written = List.of();
    traces = List.of();
  }

  private void fulfilled(Wish current) {
    if (current instanceof Wish.Gone) {
      standing = new Standing(Standing.State.GONE, "withdrawn");
      gone.complete(null);
    } else if (!written.isEmpty()) {
      stand(Standing.State.REGISTERED, registered(written));
      outage.report(registry.name(), null);
    }
  }

  private Duration failed(Wish current, RegistryException failure) {
    written = List.of();
    if (failure.kind() == RegistryException.Kind.NOT_OFFERED) {
      traces = List.of();
      stand(Standing.State.NOT_OFFERED, failure.explained());
      outage.report(registry.name(), null);
      return current instanceof Wish.Gone ? Duration.ZERO : settings.refresh();
    }
    standing = new Standing(Standing.State.TROUBLE, failure.explained());
    if (!(current instanceof Wish.Gone)) {
      outage.report(registry.name(), failure.trouble());
    } else if (failure.kind() == RegistryException.Kind.REFUSED) {
      gone.completeExceptionally(failure);
    }
    return backoff.next();
  }

  private void stand(Standing.State state, String detail) {
    // The end of trouble has a line of its own, for both stores.
    if (standing.state() != state && standing.state() != Standing.State.TROUBLE) {
      log.info("etcd: store={} state={} detail=\"{}\"", registry.name(), state, detail);
    }
    standing = new Standing(state, detail);
  }

  private static String registered(List<Instance> instances) {
    return String.join(", ", instances.stream().map(Instance::key).toList());
  }

  /** How things are with one store. */
  record Standing(State state, String detail) {
    enum State {
      WAITING,
      REGISTERED,
      NOT_OFFERED,
      TROUBLE,
      GONE
    }
  }
}
