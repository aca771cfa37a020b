package org.osprey.coordinator.benchmarks.e2e;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.osprey.coordinator.benchmarks.QueuedActionCost;

/** What the queue counts for a million actions against the heap they take. */
final class Depth implements Scenario {
  private static final Pattern FIGURE = Pattern.compile("(\\w+)=([\\d.]+)");
  private static final double TOLERANCE = 10;

  @Override
  public List<Figure> measure() throws IOException {
    Path output = Files.createTempFile("queued-action-cost", ".log");
    try {
      run(output);
      return figures(Files.readString(output));
    } finally {
      Files.delete(output);
    }
  }

  private static void run(Path output) throws IOException {
    List<String> flags =
        List.of(
            "-Xmx1g",
            "-XX:+UseSerialGC",
            "-Dslf4j.internal.verbosity=ERROR",
            "-cp",
            System.getProperty("java.class.path"),
            QueuedActionCost.class.getName());
    try (ChildJvm jvm = ChildJvm.start(flags, Map.of(), output)) {
      // Its status says no more than the figures.
      jvm.awaitEnd();
    }
  }

  private static List<Figure> figures(String line) {
    double counted = 0;
    double measured = 0;
    Matcher figure = FIGURE.matcher(line);
    while (figure.find()) {
      switch (figure.group(1)) {
        case "counted_each" -> counted = Double.parseDouble(figure.group(2));
        case "bytes_each" -> measured = Double.parseDouble(figure.group(2));
        default -> {}
      }
    }
    if (measured == 0) {
      throw new IllegalStateException("no figures in: " + line);
    }
    double off = 100 * Math.abs(counted / measured - 1);
    return List.of(
        Figure.of("heap of an action of 200 bytes", measured, "bytes"),
        Figure.of("counted for it", counted, "bytes"),
        Figure.atMost("difference", off, "%", TOLERANCE));
  }
}
