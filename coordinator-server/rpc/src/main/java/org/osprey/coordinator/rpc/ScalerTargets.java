package org.osprey.coordinator.rpc;

import java.math.BigDecimal;
import java.util.Map;
import org.osprey.coordinator.core.Workload;
import org.osprey.coordinator.proto.externalscaler.GetMetricSpecResponse;
import org.osprey.coordinator.proto.externalscaler.MetricSpec;
import org.osprey.coordinator.proto.externalscaler.MetricValue;

/** The metrics a scaler can have, and how much of each one worker should have. */
final class ScalerTargets {
  static final String QUEUED = "queued";
  static final String OLDEST = "oldest_seconds";

  private static final String TARGET_QUEUED = "targetQueued";
  private static final String TARGET_OLDEST = "targetOldestSeconds";
  private static final String DEFAULT_QUEUED = "100";
  private static final int LONGEST_NUMBER = 20;
  private static final double NANOS_PER_SECOND = 1e9;

  private ScalerTargets() {}

  /**
   * @param metadata of the trigger, as the operator wrote it
   * @throws IllegalArgumentException naming the entry that is wrong
   */
  static GetMetricSpecResponse specs(Map<String, String> metadata) {
    GetMetricSpecResponse.Builder specs =
        GetMetricSpecResponse.newBuilder()
            .addMetricSpecs(
                spec(QUEUED, TARGET_QUEUED, metadata.getOrDefault(TARGET_QUEUED, DEFAULT_QUEUED)));
    String oldest = metadata.get(TARGET_OLDEST);
    if (oldest != null) {
      specs.addMetricSpecs(spec(OLDEST, TARGET_OLDEST, oldest));
    }
    return specs.build();
  }

  /**
   * @throws IllegalArgumentException naming those there are when this is none of them
   */
  static MetricValue value(String name, Workload workload) {
    double value =
        switch (name) {
          case QUEUED -> workload.queued();
          case OLDEST -> workload.oldest().toNanos() / NANOS_PER_SECOND;
          default ->
              throw new IllegalArgumentException(
                  "metricName: want %s or %s, got '%s'".formatted(QUEUED, OLDEST, shown(name)));
        };
    return MetricValue.newBuilder()
        .setMetricName(name)
        .setMetricValue((long) Math.ceil(value))
        .setMetricValueFloat(value)
        .build();
  }

  private static MetricSpec spec(String metric, String entry, String text) {
    double target = positive(entry, text);
    return MetricSpec.newBuilder()
        .setMetricName(metric)
        .setTargetSize((long) Math.ceil(target))
        .setTargetSizeFloat(target)
        .build();
  }

  private static double positive(String entry, String text) {
    boolean plain = text.length() <= LONGEST_NUMBER && text.matches("[0-9]+(\\.[0-9]+)?");
    if (!plain || new BigDecimal(text).signum() == 0) {
      throw new IllegalArgumentException(
          "scalerMetadata.%s: want a number above 0, got '%s'".formatted(entry, shown(text)));
    }
    return Double.parseDouble(text);
  }

  private static String shown(String text) {
    String start = text.substring(0, Math.min(text.length(), 60));
    return start.replaceAll("[^\\x20-\\x7e]", "?");
  }
}
