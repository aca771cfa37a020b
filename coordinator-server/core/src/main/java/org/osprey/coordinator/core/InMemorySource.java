package org.osprey.coordinator.core;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.osprey.coordinator.core.Intake.Admission;

/** Actions from an {@link InMemoryOrigin}: for tests and simulations. */
public final class InMemorySource implements Source, Supervised {
  private static final Duration LONGEST_WAIT = Duration.ofMillis(100);

  private final String name;
  private final InMemoryOrigin origin;
  private final DeadLetters deadLetters;
  private final Ticker ticker;
  private final SupervisedLoop loop;

  private @Nullable Delivery refused;
  private volatile boolean paused;
  private volatile @Nullable Intake intake;

  /**
   * @param deadLetters for messages that are no actions
   */
  public InMemorySource(
      String name, InMemoryOrigin origin, DeadLetters deadLetters, Ticker ticker) {
    this.name = name;
    this.origin = origin;
    this.deadLetters = deadLetters;
    this.ticker = ticker;
    loop = new SupervisedLoop(name, ticker, Duration.ofSeconds(10), this::step);
  }

  @Override
  public void start(Intake intake) {
    this.intake = intake;
    loop.start();
  }

  @Override
  public void setPaused(boolean wanted) {
    paused = wanted;
  }

  @Override
  public Check check() {
    Check running = loop.check();
    return running.healthy()
        ? Check.ok(name, origin.progress() + (paused ? ", paused" : ""))
        : running;
  }

  @Override
  public SourceProgress progress() {
    return origin.sourceProgress();
  }

  @Override
  public List<SupervisedLoop> loops() {
    return List.of(loop);
  }

  @Override
  public void close() {
    loop.close();
    origin.giveBack();
  }

  private void step() throws InterruptedException {
    Intake target = intake;
    if (target == null) {
      return;
    }
    if (refused == null) {
      refused = next(target.tracer());
    }
    if (refused == null) {
      return;
    }
    if (paused) {
      Thread.sleep(LONGEST_WAIT);
    } else if (target.offer(refused) == Admission.ACCEPTED) {
      refused = null;
    } else {
      target.awaitRoom(LONGEST_WAIT);
    }
  }

  private @Nullable Delivery next(@Nullable Tracer tracer) throws InterruptedException {
    return switch (origin.take(LONGEST_WAIT)) {
      case null -> null;
      case InMemoryOrigin.Good good ->
          Delivery.async(
              good.action(), name, good.orderingKey(), new Handle(good), trace(good, tracer));
      case InMemoryOrigin.Broken broken -> {
        reject(broken);
        yield null;
      }
    };
  }

  private @Nullable Trace trace(InMemoryOrigin.Good good, @Nullable Tracer tracer) {
    return tracer == null
        ? null
        : tracer.begin(good.action(), Lane.ASYNC, name, ticker.nanos(), good.attributes()::get);
  }

  private void reject(InMemoryOrigin.Broken broken) {
    DeadLetter letter =
        DeadLetter.undecodable(name, place(broken), broken.content(), broken.error());
    deadLetters.put(letter).thenRun(() -> origin.finish(broken));
  }

  private static String place(InMemoryOrigin.Message message) {
    return "place=" + message.place();
  }

  private final class Handle implements Delivery.Handle {
    private final InMemoryOrigin.Good message;

    private Handle(InMemoryOrigin.Good message) {
      this.message = message;
    }

    @Override
    public void finished(Outcome outcome) {
      origin.finish(message, outcome);
    }

    @Override
    public String origin() {
      return place(message);
    }
  }
}
