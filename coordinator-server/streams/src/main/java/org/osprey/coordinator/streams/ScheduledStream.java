package org.osprey.coordinator.streams;

import static org.osprey.coordinator.proto.streams.v1.Result.RESULT_ALREADY_RUNNING;
import static org.osprey.coordinator.proto.streams.v1.Result.RESULT_CONFLICT;
import static org.osprey.coordinator.proto.streams.v1.Result.RESULT_NOT_CONFIGURED;
import static org.osprey.coordinator.proto.streams.v1.Result.RESULT_UNKNOWN_SCENE;

import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.osprey.coordinator.proto.streams.v1.StateUpdate;
import org.osprey.coordinator.proto.streams.v1.UpdateStreamStatusCommand;

/**
 * One stream: what it plays and does, and who watches. It runs exactly while it is meant to and
 * somebody watches, or has done so until a moment ago. Belongs to the thread of its shard; times
 * are nanoseconds of the ticker.
 */
final class ScheduledStream implements StreamClock.Told, Audience.Told {
  private static final long NANOS_PER_MILLI = 1_000_000;

  private final String id;
  private final Hold hold;
  private final long epoch;
  private final Stage stage;
  private final Admission admission;
  private final Audience audience;
  private StreamConfig config;
  private StreamClock clock;
  private Mode mode;
  private long seq;
  private UpdateStreamStatusCommand status = UpdateStreamStatusCommand.getDefaultInstance();

  /**
   * A new stream that waits for its first watcher.
   *
   * @param epoch greater than that of any stream with the id before
   */
  ScheduledStream(
      String id,
      Hold hold,
      long epoch,
      StreamConfig config,
      long run,
      Stage stage,
      Admission admission) {
    this.id = id;
    this.hold = hold;
    this.epoch = epoch;
    this.config = config;
    this.stage = stage;
    this.admission = admission;
    audience = new Audience(stage, this);
    clock = clock(run);
    mode = resting();
  }

  private StreamClock clock(long run) {
    return new StreamClock(config, run, id.hashCode(), stage, this);
  }

  private Mode resting() {
    return config.isEmpty() ? Mode.UNCONFIGURED : Mode.IDLE;
  }

  /** To be called once for a new stream. */
  void begin(long now) {
    audience.await(now + stage.settings().neverWatched().toNanos());
  }

  /** To be called once for a stream that was stored: it is where it would be by now. */
  void restore(Snapshot snapshot, long now) {
    mode = Mode.of(snapshot.mode());
    clock.place(StreamConfig.nanos(snapshot.positionMillis()), snapshot.loop(), now);
    audience.await(now + returning().toNanos());
    if (mode == Mode.RUNNING) {
      long away = Math.max(0, stage.wallMillis() - snapshot.anchorMillis());
      clock.runSince(now - away * NANOS_PER_MILLI, now);
    }
    // Watchers that are still there learn who has it now, and register again.
    publish(now);
  }

  /** How long watchers may take to come back to a coordinator that died. */
  private Duration returning() {
    StreamSettings settings = stage.settings();
    return settings.stale().compareTo(settings.idleRemoval()) > 0
        ? settings.stale()
        : settings.idleRemoval();
  }

  /** It is no more, or is somebody else's: nothing is told or done any more. */
  void end(long now) {
    clock.hold(now);
    audience.dismiss();
  }

  String id() {
    return id;
  }

  Hold hold() {
    return hold;
  }

  Admission admission() {
    return admission;
  }

  StreamConfig config() {
    return config;
  }

  Mode mode() {
    return mode;
  }

  Audience audience() {
    return audience;
  }

  // Commands

  /**
   * @param wanted null for what it has
   */
  Answer start(@Nullable StreamConfig wanted, long now) {
    if (wanted != null && !wanted.message().equals(config.message())) {
      return Answer.of(
          RESULT_CONFLICT, "config: the stream has another one; reconfigure changes it");
    }
    return switch (mode) {
      case UNCONFIGURED -> notConfigured();
      case IDLE -> Answer.OK;
      case RUNNING -> Answer.of(RESULT_ALREADY_RUNNING, "the stream runs already");
      case PAUSED -> resume(now);
      case FINISHED, STOPPED, ERROR -> beginAnew(config, now);
    };
  }

  Answer reconfigure(StreamConfig wanted, long now) {
    return beginAnew(wanted, now);
  }

  private Answer beginAnew(StreamConfig wanted, long now) {
    clock.hold(now);
    config = wanted;
    clock = clock(clock.run() + 1);
    mode = resting();
    return settle(now);
  }

  Answer stop(long now) {
    return switch (mode) {
      case UNCONFIGURED, FINISHED, STOPPED -> Answer.OK;
      case IDLE, RUNNING, PAUSED, ERROR -> {
        clock.hold(now);
        clock.place(0, 0, now);
        mode = Mode.STOPPED;
        yield settle(now);
      }
    };
  }

  Answer pause(long now) {
    return switch (mode) {
      case PAUSED -> Answer.OK;
      case RUNNING -> {
        clock.hold(now);
        mode = Mode.PAUSED;
        yield settle(now);
      }
      case UNCONFIGURED -> notConfigured();
      case IDLE, FINISHED, STOPPED, ERROR -> notNow("pause");
    };
  }

  Answer resume(long now) {
    return switch (mode) {
      case RUNNING -> Answer.OK;
      case PAUSED -> {
        mode = Mode.IDLE;
        yield settle(now);
      }
      case UNCONFIGURED -> notConfigured();
      case IDLE, FINISHED, STOPPED, ERROR -> notNow("resume");
    };
  }

  Answer forceScene(String name, long now) {
    int wanted = config.indexOf(name);
    if (wanted < 0 && mode != Mode.UNCONFIGURED) {
      return Answer.of(RESULT_UNKNOWN_SCENE, "scene_name: the stream has no such scene");
    }
    return moveTo("force_scene", wanted, clock.loop(), now);
  }

  Answer skipScene(long now) {
    int next = clock.scene() + 1;
    if (next < config.size()) {
      return moveTo("skip_scene", next, clock.loop(), now);
    }
    return config.loops() || !isSteerable()
        ? moveTo("skip_scene", 0, clock.loop() + 1, now)
        : Answer.OK;
  }

  private Answer moveTo(String command, int wanted, long loop, long now) {
    if (!isSteerable()) {
      return mode == Mode.UNCONFIGURED ? notConfigured() : notNow(command);
    }
    clock.moveTo(wanted, loop, now);
    return settle(now);
  }

  private boolean isSteerable() {
    return mode == Mode.RUNNING || mode == Mode.PAUSED || mode == Mode.IDLE;
  }

  Answer updateStatus(UpdateStreamStatusCommand told, long now) {
    status = told;
    publish(now);
    return Answer.OK;
  }

  private Answer notNow(String command) {
    return Answer.of(RESULT_CONFLICT, "%s: the stream is %s".formatted(command, mode.text()));
  }

  private static Answer notConfigured() {
    return Answer.of(RESULT_NOT_CONFIGURED, "the stream has no scenes; reconfigure gives it some");
  }

  /** The stream stands still until it is started again. */
  @Override
  public void fail(long now) {
    clock.hold(now);
    mode = Mode.ERROR;
    settle(now);
  }

  /** Every transition ends here: the clock runs if it should, the change is told and stored. */
  private Answer settle(long now) {
    if (mode == Mode.IDLE && !audience.isEmpty()) {
      mode = Mode.RUNNING;
      clock.run(now);
    }
    publish(now);
    stage.changed(this);
    return Answer.OK;
  }

  // Watchers

  @Override
  public void watched(long now) {
    if (mode == Mode.IDLE) {
      settle(now);
    }
  }

  @Override
  public long patience() {
    return mode == Mode.RUNNING
        ? config.grace(stage.settings().grace())
        : stage.settings().idleRemoval().toNanos();
  }

  @Override
  public void abandoned(long now) {
    if (mode != Mode.RUNNING) {
      stage.abandoned(this);
      return;
    }
    clock.pass(now);
    if (mode == Mode.RUNNING) {
      rest(now);
    }
    audience.await(now + patience());
  }

  private void rest(long now) {
    clock.hold(now);
    if (config.restartsWhenEmpty()) {
      clock = clock(clock.run() + 1);
    }
    mode = Mode.IDLE;
    settle(now);
  }

  // The clock

  @Override
  public void moved(long now) {
    publish(now);
  }

  @Override
  public void finished(long now) {
    mode = Mode.FINISHED;
    settle(now);
  }

  @Override
  public void entered(Scene.SceneAction action, SceneEntry entry) {
    stage.offer(action, entry.actionId(id));
    // So that after a crash it is known that the scene has begun.
    stage.changed(this);
  }

  // Telling

  private void publish(long now) {
    seq++;
    stage.publish(this, state(now));
  }

  /** How it stands, with the number of the update that was told last. */
  StateUpdate state(long now) {
    StateUpdate.Builder state =
        StateUpdate.newBuilder()
            .setStreamId(id)
            .setEpoch(epoch)
            .setSeq(seq)
            .setServerTime(stage.wallMillis())
            .setMode(mode.wire())
            .setIsRunning(mode == Mode.RUNNING)
            .setIsPaused(mode == Mode.PAUSED)
            .setIsComplete(mode == Mode.FINISHED)
            .setStreamTimecode(status.getTimecode())
            .setStreamIsStreaming(status.getIsStreaming());
    clock.describe(state, mode != Mode.STOPPED, now);
    return state.build();
  }

  /** What is to be stored of it. */
  Snapshot snapshot(long now) {
    return new Snapshot(
        id,
        config.message(),
        mode.wire(),
        clock.run(),
        clock.loop(),
        clock.position(now) / NANOS_PER_MILLI,
        clock.isRunning() ? stage.wallMillis() : 0);
  }
}
