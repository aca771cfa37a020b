package org.osprey.coordinator.collectors.flow;

import com.google.errorprone.annotations.ThreadSafe;
import java.time.InstantSource;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.osprey.coordinator.core.Check;
import org.osprey.coordinator.core.IdGenerator;
import org.osprey.coordinator.core.Outage;
import org.osprey.coordinator.core.Submissions;
import org.osprey.coordinator.core.Ticker;

/**
 * Offers events to the coordinator's own queue of actions, where each is stored first. The
 * destination is the action's name, the event its payload.
 */
@ThreadSafe
public final class ActionPublisher implements Publisher {
  private static final String NAME = "collectors actions";

  private final Submissions submissions;
  private final IdGenerator ids;
  private final Ticker ticker;
  private final InstantSource clock;
  private final Outage outage = new Outage(NAME);
  private final AtomicInteger waiting = new AtomicInteger();

  @SuppressWarnings("ThreadSafe") // used under this object's lock
  private final RandomGenerator random;

  public ActionPublisher(
      Submissions submissions,
      IdGenerator ids,
      Ticker ticker,
      InstantSource clock,
      RandomGenerator random) {
    this.submissions = submissions;
    this.ids = ids;
    this.ticker = ticker;
    this.clock = clock;
    this.random = random;
  }

  @Override
  public synchronized Channel open(Runnable wake) {
    return new ActionChannel(
        submissions,
        ids,
        ticker,
        clock,
        new SplittableRandom(random.nextLong()),
        wake,
        this::trouble);
  }

  /** Told by each channel when it begins to wait, with the reason, and when it ends, with none. */
  private synchronized void trouble(@Nullable String reason) {
    int now = reason == null ? waiting.decrementAndGet() : waiting.incrementAndGet();
    if (reason != null) {
      outage.report("events that become actions wait: " + reason);
    } else if (now == 0) {
      outage.report(null);
    }
  }

  @Override
  public Check check() {
    String trouble = outage.trouble();
    return trouble == null ? Check.ok(NAME, "actions are taken") : Check.failed(NAME, trouble);
  }

  @Override
  public void close() {}
}
