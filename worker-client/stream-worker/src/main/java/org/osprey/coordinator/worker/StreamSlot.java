package org.osprey.coordinator.worker;

import io.grpc.Status;
import java.time.Duration;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Keeps one stream up: opens it, rotates it at its age, opens the next when it ends. All state
 * belongs to the timer's thread; calls from elsewhere are handed over to it.
 */
final class StreamSlot implements ActionStream.Listener {
  /**
   * A stream that lives this long or takes an action is proof that the target works. Coordinators
   * send nothing before the first action, so time is the only sign on an idle stream.
   */
  static final Duration PROOF = Duration.ofSeconds(1);

  private sealed interface State {
    record Waiting(Timer.Handle retry) implements State {}

    record Streaming(ActionStream stream, Timer.Handle rotation) implements State {}

    /** The last stream is ending; no other follows. */
    record Draining(ActionStream stream) implements State {}

    record Closed() implements State {}
  }

  private final Link link;
  private final Function<ActionStream.Listener, ActionStream> opener;
  private final Supplier<Duration> rotationAge;
  private final Backoff backoff;
  private final Timer timer;
  private final Counters counters;
  private final Runnable onClosed;

  private State state = new State.Waiting(() -> {});
  private Timer.Handle proof = () -> {};
  private boolean connected;
  private boolean everConnected;
  private boolean proven;
  private boolean watching;

  StreamSlot(
      Link link,
      Function<ActionStream.Listener, ActionStream> opener,
      Supplier<Duration> rotationAge,
      Backoff backoff,
      Timer timer,
      Counters counters,
      Runnable onClosed) {
    this.link = link;
    this.opener = opener;
    this.rotationAge = rotationAge;
    this.backoff = backoff;
    this.timer = timer;
    this.counters = counters;
    this.onClosed = onClosed;
  }

  void start() {
    timer.execute(this::open);
  }

  void drain() {
    timer.execute(this::drainNow);
  }

  void cut() {
    timer.execute(this::cutNow);
  }

  @Override
  public void connected() {
    timer.execute(this::streamUp);
  }

  @Override
  public void firstAction() {
    timer.execute(this::prove);
  }

  @Override
  public void ended(Status status) {
    timer.execute(() -> streamDown(status));
  }

  private void open() {
    ActionStream stream = opener.apply(this);
    state = new State.Streaming(stream, timer.after(rotationAge.get(), stream::leave));
  }

  private void streamUp() {
    counters.streamUp(everConnected);
    connected = true;
    everConnected = true;
    proof = timer.after(PROOF, this::prove);
  }

  private void prove() {
    proven = true;
    backoff.reset();
    link.outages().proven();
  }

  private void streamDown(Status status) {
    proof.cancel();
    if (connected) {
      counters.streamDown();
    }
    switch (state) {
      case State.Streaming streaming -> {
        streaming.rotation().cancel();
        openNext(status);
      }
      case State.Draining ignored -> closed();
      case State.Waiting ignored -> {}
      case State.Closed ignored -> {}
    }
    connected = false;
    proven = false;
  }

  private void openNext(Status status) {
    if (!status.isOk()) {
      link.outages().failed(status);
      retryIn(backoff.next());
    } else if (proven) {
      open();
    } else {
      // A coordinator that is going away ends new streams as soon as they come: no failure, but
      // answering without any pause would be a busy loop.
      retryIn(backoff.shortest());
    }
  }

  private void retryIn(Duration delay) {
    state = new State.Waiting(timer.after(delay, this::retry));
  }

  private void retry() {
    if (!link.failing()) {
      open();
      return;
    }
    retryIn(backoff.next());
    if (!watching) {
      watching = true;
      link.whenNoLongerFailing(() -> timer.execute(this::linkMoved));
    }
    link.tryNow();
  }

  /** The link is worth a try before the pause is over. */
  private void linkMoved() {
    watching = false;
    if (state instanceof State.Waiting(Timer.Handle retry)) {
      retry.cancel();
      open();
    }
  }

  private void drainNow() {
    switch (state) {
      case State.Waiting waiting -> {
        waiting.retry().cancel();
        closed();
      }
      case State.Streaming streaming -> {
        streaming.rotation().cancel();
        state = new State.Draining(streaming.stream());
        streaming.stream().leave();
      }
      case State.Draining ignored -> {}
      case State.Closed ignored -> {}
    }
  }

  private void cutNow() {
    drainNow();
    if (state instanceof State.Draining(ActionStream stream)) {
      stream.cut("the worker closes");
    }
  }

  private void closed() {
    state = new State.Closed();
    onClosed.run();
  }
}
