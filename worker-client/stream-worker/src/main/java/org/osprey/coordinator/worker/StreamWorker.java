package org.osprey.coordinator.worker;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;

/**
 * Takes actions from coordinators on several streams and answers them. Starts once and closes once;
 * a started worker keeps its process up until it is closed.
 */
public final class StreamWorker implements AutoCloseable {
  private static final Duration SHORTEST_PAUSE = Duration.ofMillis(100);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(5);
  private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(2);

  private enum Stage {
    NEW,
    STARTED,
    CLOSED
  }

  /** What the outside world is to a worker; tests bring their own. */
  record Surroundings(ChannelFactory channels, Timer timer, RandomGenerator random) {}

  private final Layout layout;
  private final Introduction introduction;
  private final ActionStream.Environment environment;
  private final Surroundings surroundings;
  private final Counters counters = new Counters();
  private final CountDownLatch slotsClosed;

  @GuardedBy("this")
  private Stage stage = Stage.NEW;

  @GuardedBy("this")
  private List<Link> links = List.of();

  @GuardedBy("this")
  private List<StreamSlot> slots = List.of();

  StreamWorker(
      Layout layout,
      Introduction introduction,
      Timing timing,
      ActionHandler handler,
      Surroundings surroundings) {
    this.layout = layout;
    this.introduction = introduction;
    this.surroundings = surroundings;
    environment = new ActionStream.Environment(handler, timing, surroundings.timer(), counters);
    slotsClosed = new CountDownLatch(layout.streams());
  }

  public static StreamWorkerBuilder builder() {
    return new StreamWorkerBuilder();
  }

  /** Returns at once; streams connect, and connect again, on their own. */
  public synchronized void start() {
    if (stage != Stage.NEW) {
      throw new IllegalStateException("expected a new worker, got one that is " + stage);
    }
    stage = Stage.STARTED;
    List<Link> opened = openLinks();
    links = opened;
    slots =
        IntStream.range(0, layout.streams())
            .mapToObj(stream -> slot(opened.get(layout.channelOf(stream))))
            .toList();
    slots.forEach(StreamSlot::start);
  }

  public WorkerStats stats() {
    return counters.snapshot();
  }

  /**
   * Lets every stream answer the action in hand and say that it leaves; after the drain time-out,
   * or when the calling thread is interrupted, cuts what is left. Unanswered actions go back to
   * their coordinators.
   */
  @Override
  public synchronized void close() {
    if (stage == Stage.STARTED) {
      boolean interrupted = !drained();
      interrupted |= !disconnected();
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
    stage = Stage.CLOSED;
    surroundings.timer().close();
  }

  private List<Link> openLinks() {
    List<OutageLog> outages =
        layout.targets().stream().map(t -> new OutageLog(t, surroundings.timer())).toList();
    return IntStream.range(0, layout.channels())
        .map(layout::targetOf)
        .mapToObj(target -> link(layout.targets().get(target), outages.get(target)))
        .toList();
  }

  private Link link(String target, OutageLog outages) {
    return new Link(surroundings.channels().open(target), outages);
  }

  private StreamSlot slot(Link link) {
    return new StreamSlot(
        link,
        listener -> link.open(introduction, environment, listener),
        () -> environment.timing().rotationAge(surroundings.random()),
        new Backoff(SHORTEST_PAUSE, LONGEST_PAUSE, surroundings.random()),
        surroundings.timer(),
        counters,
        slotsClosed::countDown);
  }

  /** False when interrupted. */
  @GuardedBy("this")
  private boolean drained() {
    slots.forEach(StreamSlot::drain);
    boolean calm = true;
    try {
      long patience = environment.timing().drainTimeout().toMillis();
      if (slotsClosed.await(patience, TimeUnit.MILLISECONDS)) {
        return true;
      }
    } catch (InterruptedException e) {
      calm = false;
    }
    slots.forEach(StreamSlot::cut);
    return calm;
  }

  /** False when interrupted. */
  @GuardedBy("this")
  private boolean disconnected() {
    links.forEach(Link::close);
    try {
      for (Link link : links) {
        link.awaitClosed(CLOSE_TIMEOUT);
      }
      // So that the statistics of a closed worker show no stream that is up.
      slotsClosed.await(CLOSE_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
      return true;
    } catch (InterruptedException e) {
      return false;
    }
  }
}
