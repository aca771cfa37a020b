package org.osprey.coordinator.collectors.flow;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.osprey.coordinator.collectors.flow.Channel.Loss;
import org.osprey.coordinator.collectors.flow.Channel.Outgoing;
import org.osprey.coordinator.core.Ticker;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Enters what channels tell into the ledgers, once for all events of a lane in a row. Belongs to
 * one worker.
 */
final class Settling implements Channel.Settlements {
  private static final Logger log = LoggerFactory.getLogger(Settling.class);

  private final Map<String, Lane> lanes;
  private final Ticker ticker;
  private final Timings timings;
  private final Intake.Wakers wakers;

  private @Nullable Lane lane;
  private int fromRing;
  private int fromRows;
  private final List<StoredRow> rows = new ArrayList<>();
  private final long[] nanos = new long[Worker.BATCH];
  private long now;
  private boolean any;

  Settling(Map<String, Lane> lanes, Ticker ticker, Timings timings, Intake.Wakers wakers) {
    this.lanes = lanes;
    this.ticker = ticker;
    this.timings = timings;
    this.wakers = wakers;
  }

  /** Before a channel tells. */
  void begin() {
    now = ticker.nanos();
    any = false;
  }

  /**
   * After it told.
   *
   * @return whether it had something to tell
   */
  boolean end() {
    enter();
    lane = null;
    return any;
  }

  @Override
  public void published(Outgoing outgoing) {
    any = true;
    Encoded event = outgoing.event();
    Lane of = laneOf(event);
    if (fromRing == nanos.length) {
      enter();
    }
    if (!of.equals(lane)) {
      enter();
      lane = of;
    }
    if (event.settled() instanceof StoredRow row) {
      fromRows++;
      if (row.settledOne()) {
        rows.add(row);
      }
    } else {
      nanos[fromRing++] = now - event.emittedNanos();
      run(event.settled());
    }
  }

  @Override
  public void lost(Outgoing outgoing, Loss reason) {
    any = true;
    Encoded event = outgoing.event();
    Lane of = laneOf(event);
    @Nullable StoredRow row = event.settled() instanceof StoredRow stored ? stored : null;
    boolean takenOver = of.lost(reason, row);
    if (row == null) {
      run(event.settled());
    } else {
      wakers.spiller();
    }
    if (takenOver) {
      wakers.worker(of);
    }
  }

  private Lane laneOf(Encoded event) {
    Lane of = lane;
    if (of != null && of.name().equals(event.collector())) {
      return of;
    }
    Lane found = lanes.get(event.collector());
    if (found == null) {
      throw new IllegalArgumentException("no such collector: " + event.collector());
    }
    return found;
  }

  private void enter() {
    Lane of = lane;
    if (of == null || fromRing + fromRows == 0) {
      return;
    }
    boolean takenOver = of.published(fromRing, fromRows, rows);
    timings.published(nanos, fromRing);
    if (!rows.isEmpty()) {
      wakers.spiller();
    }
    if (takenOver) {
      wakers.worker(of);
    }
    fromRing = 0;
    fromRows = 0;
    rows.clear();
  }

  /** What a collector wants run; its trouble is no trouble of the flow. */
  @SuppressWarnings("CatchingUnchecked")
  static void run(Runnable settled) {
    try {
      settled.run();
    } catch (RuntimeException e) {
      log.warn("a collector failed when it was told that its event is settled", e);
    }
  }
}
