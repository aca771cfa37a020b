package org.osprey.coordinator.it;

import java.util.List;
import java.util.random.RandomGenerator;

/**
 * Where a watched stream is by what it was told to do. All its scenes are longer than a test.
 *
 * @param variant which of the configurations it has
 * @param anchor milliseconds since 1970 at which it was at its beginning, while it runs
 * @param held its position in milliseconds, while it does not run
 */
record StreamModel(String mode, int variant, long anchor, long held) {
  static final int SCENES = 3;
  private static final long[] DURATIONS = {3_600_000, 5_400_000};
  private static final List<String> VERBS = List.of("pause", "resume", "skip", "stop", "start");

  /**
   * A command.
   *
   * @param number of a scene, or of a configuration
   */
  record Step(String verb, int number) {
    static Step random(RandomGenerator random) {
      return switch (random.nextInt(10)) {
        case 0 -> new Step("stop", 0);
        case 1 -> new Step("reconfigure", random.nextInt(DURATIONS.length));
        case 2, 3, 4 -> new Step("scene", random.nextInt(SCENES));
        default -> new Step(VERBS.get(random.nextInt(VERBS.size())), 0);
      };
    }
  }

  /** Of a new stream. */
  static StreamModel beginning(long at) {
    return new StreamModel("running", 0, at, 0);
  }

  /** The configuration as JSON, without braces. */
  static String config(int variant) {
    String scene = "{\"name\":\"%s\",\"duration_ms\":%d}";
    return "\"scenes\":[%s,%s,%s],\"tick_interval_ms\":100"
        .formatted(
            scene.formatted(name(variant, 0), DURATIONS[variant]),
            scene.formatted(name(variant, 1), DURATIONS[variant]),
            scene.formatted(name(variant, 2), DURATIONS[variant]));
  }

  static String name(int variant, int scene) {
    return "v%d-%d".formatted(variant, scene);
  }

  long position(long at) {
    return mode.equals("running") ? at - anchor : held;
  }

  /** Empty when it is stopped. */
  String scene(long at) {
    return mode.equals("stopped") ? "" : name(variant, index(at));
  }

  private int index(long at) {
    return (int) (position(at) / DURATIONS[variant]);
  }

  StreamModel after(Step step, long at) {
    boolean stopped = mode.equals("stopped");
    return switch (step.verb()) {
      case "pause" -> mode.equals("running") ? paused(position(at)) : this;
      case "resume" -> mode.equals("paused") ? running(at - held) : this;
      case "skip" -> stopped || index(at) == SCENES - 1 ? this : moved(index(at) + 1, at);
      case "scene" -> stopped ? this : moved(step.number(), at);
      case "stop" -> new StreamModel("stopped", variant, 0, 0);
      case "start" -> started(at);
      case "reconfigure" -> new StreamModel("running", step.number(), at, 0);
      default -> throw new AssertionError(step.verb());
    };
  }

  private StreamModel started(long at) {
    return switch (mode) {
      case "stopped" -> running(at);
      case "paused" -> running(at - held);
      default -> this;
    };
  }

  private StreamModel moved(int scene, long at) {
    long position = scene * DURATIONS[variant];
    return mode.equals("running") ? running(at - position) : paused(position);
  }

  private StreamModel paused(long position) {
    return new StreamModel("paused", variant, 0, position);
  }

  private StreamModel running(long from) {
    return new StreamModel("running", variant, from, 0);
  }
}
