package org.osprey.coordinator.collectors.flow;

import com.google.errorprone.annotations.ThreadSafe;
import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import java.util.random.RandomGenerator;
import org.osprey.coordinator.collector.Event;
import org.osprey.coordinator.core.Ticker;

/**
 * Samples, numbers and encodes the events of one collector, one after the other, so that their
 * numbers rise along the ring. Those who emit wait for each other here; workers never do.
 */
@ThreadSafe
final class Intake {
  /** Who has to know of new events. */
  interface Wakers {

    /** An event waits for a worker. */
    void worker(Lane lane);

    /** Events wait for the disk. */
    void spiller();
  }

  private final Lane lane;
  private final long epoch;
  private final Ticker ticker;
  private final Wakers wakers;
  private final Runnable spillSoon;

  private final ReentrantLock emitting = new ReentrantLock();

  @GuardedBy("emitting")
  private final EventEncoder encoder;

  @GuardedBy("emitting")
  private final RandomGenerator random;

  @GuardedBy("emitting")
  private long lastSeq;

  /** Old events that made room for the one that is offered. */
  @GuardedBy("emitting")
  private final List<Encoded> dropped = new ArrayList<>();

  private volatile double sample = 1;

  Intake(Lane lane, long epoch, Ticker ticker, RandomGenerator random, Wakers wakers) {
    this.lane = lane;
    this.epoch = epoch;
    this.ticker = ticker;
    this.random = random;
    this.wakers = wakers;
    spillSoon = wakers::spiller;
    encoder = new EventEncoder(lane.name(), epoch);
  }

  void sample(double share) {
    sample = share;
  }

  void emit(Way way, Event event, Runnable settled) throws InterruptedException {
    List<Encoded> old;
    Lane.Admission admission;
    emitting.lockInterruptibly();
    try {
      admission = offer(way, event, settled);
      old = takeDropped();
    } finally {
      emitting.unlock();
    }
    switch (admission) {
      case TAKEN -> {}
      case TAKEN_FIRST -> wakers.worker(lane);
      case TAKEN_TO_SPILL -> {}
      case DROPPED -> Settling.run(settled);
    }
    for (Encoded each : old) {
      Settling.run(each.settled());
    }
  }

  @GuardedBy("emitting")
  private List<Encoded> takeDropped() {
    if (dropped.isEmpty()) {
      return List.of();
    }
    List<Encoded> taken = List.copyOf(dropped);
    dropped.clear();
    return taken;
  }

  @GuardedBy("emitting")
  private Lane.Admission offer(Way way, Event event, Runnable settled) throws InterruptedException {
    Target target = lane.router().target(event.type(), event.severity());
    long now = ticker.nanos();
    if (!kept(sample) || !kept(target.sample())) {
      lane.sampledOut(way, now);
      return Lane.Admission.DROPPED;
    }
    long seq = lastSeq + 1;
    byte[] body = encoder.encode(event, seq);
    Encoded encoded =
        new Encoded(lane.name(), epoch, seq, event.type(), event.severity(), body, now, settled);
    Lane.Admission admission = lane.offer(way, encoded, target.kind(), dropped, spillSoon);
    lastSeq = seq;
    return admission;
  }

  @GuardedBy("emitting")
  private boolean kept(double share) {
    return share >= 1 || random.nextDouble() < share;
  }
}
