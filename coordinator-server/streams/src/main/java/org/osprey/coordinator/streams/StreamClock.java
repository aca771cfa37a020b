package org.osprey.coordinator.streams;

import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.osprey.coordinator.proto.streams.v1.StateUpdate;

/**
 * Takes a stream from scene to scene. A scene's end has an alarm of its own, and ticks only report;
 * ticks that were missed are left out. Times are nanoseconds of the ticker.
 */
final class StreamClock {
  /** Scenes that ended longer ago were missed: the coordinator was not there. */
  private static final Duration OUTAGE = Duration.ofSeconds(10);

  private static final long NANOS_PER_MILLI = 1_000_000;

  private final Stage stage;
  private final Told told;
  private final StreamConfig config;
  private final Playhead playhead;
  private final long phase;
  private final Alarm tick;
  private final Alarm sceneEnd;
  private final long run;
  private long tickAt;

  /** The scene that is on, or -1 when there are none. */
  private int scene;

  /** The scene whose action was offered last, or that needs none. */
  private @Nullable SceneEntry entered;

  /** Is told what time brings. */
  interface Told {
    /** A tick, or the next scene. */
    void moved(long now);

    /** The last scene has ended; the clock is held. */
    void finished(long now);

    /** Something in here is wrong; the clock is to be held. */
    void fail(long now);

    /** A scene with an action has begun. */
    void entered(Scene.SceneAction action, SceneEntry entry);
  }

  /**
   * Held, at the beginning.
   *
   * @param run how often the stream began from the start
   * @param spread anything that differs between streams, so that they do not all tick together
   */
  StreamClock(StreamConfig config, long run, int spread, Stage stage, Told told) {
    this.config = config;
    this.run = run;
    this.stage = stage;
    this.told = told;
    tick = new Alarm(this::tick, told::fail);
    sceneEnd = new Alarm(this::sceneEnds, told::fail);
    playhead = new Playhead(config);
    phase = Math.floorMod(spread * NANOS_PER_MILLI, config.tick());
    scene = playhead.scene(0);
  }

  long position(long now) {
    return playhead.position(now);
  }

  boolean isRunning() {
    return playhead.isRunning();
  }

  int scene() {
    return scene;
  }

  long run() {
    return run;
  }

  long loop() {
    return playhead.loop();
  }

  /** Goes on from where it is held. */
  void run(long now) {
    playhead.run(now);
    enter();
    arm(now);
  }

  /** Stands still where it is. */
  void hold(long now) {
    playhead.hold(now);
    stage.disarm(tick);
    stage.disarm(sceneEnd);
  }

  /** Goes to the beginning of a scene, running or not. */
  void moveTo(int wanted, long inLoop, long now) {
    playhead.moveTo(config.scene(wanted).begin(), inLoop, now);
    scene = wanted;
    if (isRunning()) {
      enter();
      arm(now);
    }
  }

  /**
   * Stands where it was stored. The action of the scene there is offered when it goes on: whether
   * it was before is not known, and the same entry has the same id.
   */
  void place(long position, long inLoop, long now) {
    playhead.moveTo(Math.clamp(position, 0, config.total()), inLoop, now);
    scene = playhead.scene(now);
  }

  /** Runs as if it had done so since a moment in the past. */
  void runSince(long then, long now) {
    playhead.run(then);
    enter();
    catchUp(now);
    if (isRunning()) {
      arm(now);
    }
  }

  /**
   * Lets every scene pass that has ended, one after the other, so that each action is offered.
   *
   * @return whether there was any
   */
  boolean pass(long now) {
    boolean passed = false;
    while (isRunning() && sceneEndAt() - now <= 0) {
      passed = true;
      if (now - sceneEndAt() > OUTAGE.toNanos()) {
        catchUp(now);
      } else {
        next(now);
      }
    }
    if (passed && isRunning()) {
      stage.arm(sceneEnd, sceneEndAt());
    }
    return passed;
  }

  private void next(long now) {
    if (scene + 1 < config.size()) {
      scene++;
    } else if (config.loops()) {
      playhead.wrap(1);
      scene = 0;
    } else {
      finish(now);
      return;
    }
    enter();
  }

  /** Goes where it would be, past scenes that began while nobody was there to see it. */
  private void catchUp(long now) {
    if (playhead.atEnd(now)) {
      if (!config.loops()) {
        finish(now);
        return;
      }
      playhead.wrap(playhead.loopsBy(now));
    }
    scene = playhead.scene(now);
    if (config.firesLastMissed()) {
      enter();
    } else {
      entered = entry();
    }
  }

  private void finish(long now) {
    hold(now);
    told.finished(now);
  }

  private void tick(long now) {
    stage.late(now - tickAt);
    pass(now);
    if (isRunning()) {
      told.moved(now);
      armTick(now);
    }
  }

  private void sceneEnds(long now) {
    stage.late(now - sceneEndAt());
    if (pass(now) && isRunning()) {
      told.moved(now);
    }
  }

  private void arm(long now) {
    armTick(now);
    stage.arm(sceneEnd, sceneEndAt());
  }

  private void armTick(long now) {
    tickAt = playhead.nextTick(phase, now);
    stage.arm(tick, tickAt);
  }

  private long sceneEndAt() {
    return playhead.timeOf(config.scene(scene).end());
  }

  /** Says where it is. */
  void describe(StateUpdate.Builder state, boolean withScene, long now) {
    long position = playhead.position(now);
    state
        .setLoop(playhead.loop())
        .setCurrentTime(position / NANOS_PER_MILLI)
        .setTimeRemaining((config.total() - position) / NANOS_PER_MILLI);
    if (config.isEmpty()) {
      return;
    }
    state.setProgressPercentage(100.0 * position / config.total());
    if (withScene) {
      Scene on = config.scene(scene);
      state
          .setCurrentScene(on.name())
          .setSceneIndex(scene)
          .setSceneTimeRemaining((on.end() - position) / NANOS_PER_MILLI);
    }
  }

  private SceneEntry entry() {
    return new SceneEntry(run, playhead.loop(), scene);
  }

  private void enter() {
    SceneEntry now = entry();
    Scene.SceneAction action = config.scene(scene).action();
    if (action != null && !now.equals(entered)) {
      told.entered(action, now);
    }
    entered = now;
  }
}
