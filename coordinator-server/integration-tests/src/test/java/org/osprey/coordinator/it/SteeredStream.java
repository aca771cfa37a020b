package org.osprey.coordinator.it;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.osprey.coordinator.it.StreamModel.Step;
import tools.jackson.databind.JsonNode;

/**
 * Steers a watched stream, one command after the other, through whatever happens to its
 * coordinator, and holds each answer against a model: what was acknowledged must have its effect.
 */
final class SteeredStream implements AutoCloseable {
  /** A tick, in milliseconds. */
  static final long TICK = 100;

  /** So that a stream gets fewer commands than it takes. */
  private static final Duration PAUSE = Duration.ofMillis(15);

  private final String id;
  private final StreamCaller caller;
  private final Random random;
  private final AtomicLong acknowledged = new AtomicLong();
  private final AtomicLong unanswered = new AtomicLong();
  private final AtomicLong worst = new AtomicLong();
  private final CompletableFuture<@Nullable Void> ended = new CompletableFuture<>();
  private volatile boolean stopped;
  private StreamModel model = StreamModel.beginning(0);

  SteeredStream(String id, StreamCaller caller, long seed) {
    this.id = id;
    this.caller = caller;
    random = new Random(seed);
  }

  void create() {
    caller.create(id, StreamModel.config(0));
  }

  /** Somebody watches it from now on. */
  SteeredStream begin() {
    SeenState first = SeenState.of(caller.watched(id).path("state"));
    model = StreamModel.beginning(first.began(0));
    Thread.ofVirtual().start(this::run);
    return this;
  }

  long acknowledged() {
    if (ended.isCompletedExceptionally()) {
      ended.join();
    }
    return acknowledged.get();
  }

  /** Commands of which nobody said what became of them. */
  long unanswered() {
    return unanswered.get();
  }

  /** Milliseconds between a position and that of the model, at most. */
  long worst() {
    return worst.get();
  }

  /** Returns when the last command is answered; fails if an answer was wrong. */
  void stop() {
    stopped = true;
    ended.join();
    compare("at the end", model, caller.watched(id).path("state"));
  }

  @Override
  public void close() {
    stopped = true;
    caller.close();
  }

  @SuppressWarnings({"CatchingUnchecked", "CatchGeneralException"}) // the test is told
  private void run() {
    try {
      while (!stopped) {
        step(Step.random(random));
        LockSupport.parkNanos(PAUSE.toNanos());
      }
      ended.complete(null);
    } catch (Exception | AssertionError e) {
      ended.completeExceptionally(e);
    }
  }

  private void step(Step step) {
    long sent = System.currentTimeMillis();
    try {
      StreamCaller.Reply reply = send(step);
      if (reply.isGood()) {
        SeenState state = reply.state();
        acknowledged.incrementAndGet();
        if (state.mode().equals("idle")) {
          // It has just changed hands, and begins when its watchers have found it.
          settle(step, sent);
          return;
        }
        StreamModel after = model.after(step, state.serverTime());
        compare(step.toString(), after, reply.body().path("state"));
        model = told(after, state);
        return;
      }
      if (reply.status() == 409 || reply.status() == 429) {
        // It has not happened; the next answer shows it.
        return;
      }
      if (reply.status() < 500) {
        throw new AssertionError(step + ": " + reply);
      }
    } catch (IOException e) {
      // It may have happened or not.
    }
    unanswered.incrementAndGet();
    settle(step, sent);
  }

  private StreamCaller.Reply send(Step step) throws IOException {
    String path = "/streams/" + id;
    return switch (step.verb()) {
      case "reconfigure" ->
          caller.call("PUT", path, "{%s}".formatted(StreamModel.config(step.number())));
      case "scene" ->
          caller.post(path + "/scene/" + StreamModel.name(model.variant(), step.number()));
      default -> caller.post(path + "/" + step.verb());
    };
  }

  /** A position that is held is the one that was told, so that fractions do not add up. */
  private static StreamModel told(StreamModel after, SeenState state) {
    return after.mode().equals("paused")
        ? new StreamModel("paused", after.variant(), 0, state.position())
        : after;
  }

  /** It was carried out, somewhen until now, or not at all. */
  private void settle(Step step, long sent) {
    JsonNode view = caller.watched(id);
    SeenState state = SeenState.of(view.path("state"));
    if (off(model, state) <= TICK) {
      return;
    }
    StreamModel earliest = model.after(step, sent);
    StreamModel latest = model.after(step, state.serverTime());
    long one = earliest.position(state.serverTime());
    long other = latest.position(state.serverTime());
    boolean happened =
        earliest.mode().equals(state.mode())
            && earliest.scene(state.serverTime()).equals(state.scene())
            && state.position() >= Math.min(one, other) - TICK
            && state.position() <= Math.max(one, other) + TICK;
    if (!happened) {
      throw new AssertionError(
          "%s: %s without an answer to %s, before %s, after it %s to %s"
              .formatted(id, state, step, model, earliest, latest));
    }
    model =
        state.isRunning()
            ? new StreamModel("running", earliest.variant(), state.began(0), 0)
            : told(earliest, state);
  }

  private void compare(String what, StreamModel wanted, JsonNode json) {
    SeenState state = SeenState.of(json);
    long off = off(wanted, state);
    if (off > TICK) {
      assertEquals(wanted.toString(), state.toString(), id + " after " + what);
    }
    worst.accumulateAndGet(off, Math::max);
  }

  /** Milliseconds between what is and what should be; very many where they cannot be compared. */
  private static long off(StreamModel wanted, SeenState state) {
    return wanted.mode().equals(state.mode())
            && wanted.scene(state.serverTime()).equals(state.scene())
        ? Math.abs(wanted.position(state.serverTime()) - state.position())
        : Long.MAX_VALUE;
  }
}
