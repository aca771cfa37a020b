package org.osprey.coordinator.streams;

/**
 * Where a stream is: computed from the moment at which it was at its beginning, and so never off by
 * what a timer was late. Times are nanoseconds of a ticker, positions nanoseconds since the
 * beginning of the first scene.
 */
final class Playhead {
  private final StreamConfig config;
  private boolean running;

  /** When it was at position 0 of this loop, while it runs. */
  private long anchor;

  /** Where it is, while it does not run. */
  private long held;

  private long loop;

  Playhead(StreamConfig config) {
    this.config = config;
  }

  /** From 0 to the total. */
  long position(long now) {
    return running ? Math.clamp(now - anchor, 0, config.total()) : held;
  }

  /** The scene, or -1 when there are none. */
  int scene(long now) {
    return config.indexAt(position(now));
  }

  /** How often the last scene was followed by the first. */
  long loop() {
    return loop;
  }

  boolean isRunning() {
    return running;
  }

  void run(long now) {
    if (!running) {
      anchor = now - held;
      running = true;
    }
  }

  void hold(long now) {
    held = position(now);
    running = false;
  }

  void moveTo(long position, long now) {
    held = position;
    anchor = now - position;
  }

  void moveTo(long position, long inLoop, long now) {
    moveTo(position, now);
    loop = inLoop;
  }

  /** Whether the last scene is over. */
  boolean atEnd(long now) {
    return position(now) >= config.total();
  }

  /** How often the last scene has ended by now, since this loop began. */
  long loopsBy(long now) {
    return (now - anchor) / config.total();
  }

  /** Goes on with the first scene. */
  void wrap(long times) {
    anchor += times * config.total();
    loop += times;
  }

  /** When a position of this loop is or was reached. */
  long timeOf(long position) {
    return anchor + position;
  }

  /** The first tick after now; ticks keep their distance from the anchor. */
  long nextTick(long phase, long now) {
    long first = anchor + phase;
    long passed = Math.floorDiv(now - first, config.tick()) + 1;
    return first + passed * config.tick();
  }
}
