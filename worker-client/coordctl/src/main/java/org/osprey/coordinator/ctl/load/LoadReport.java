package org.osprey.coordinator.ctl.load;

import java.util.LinkedHashMap;
import java.util.Map;
import org.HdrHistogram.Histogram;
import org.osprey.coordinator.ctl.api.Json;
import org.osprey.coordinator.ctl.text.Cell;
import org.osprey.coordinator.ctl.text.Details;
import org.osprey.coordinator.ctl.text.Human;
import org.osprey.coordinator.ctl.text.Style.Tone;
import tools.jackson.databind.node.ObjectNode;

/**
 * How load was answered.
 *
 * @param seconds of measurement
 * @param good calls that got verdicts
 * @param unsent calls that were due while every caller was busy
 * @param latency seconds from when a call was due to its verdicts, by percentile
 * @param errors calls that failed, by code
 */
public record LoadReport(
    double seconds, long good, long unsent, Map<String, Double> latency, Map<String, Long> errors) {
  private static final double[] PERCENTILES = {50, 90, 99, 99.9};
  private static final double NANOS_PER_SECOND = 1e9;

  static LoadReport of(Results results, long unsent, double seconds) {
    Histogram histogram = results.latency();
    Map<String, Double> latency = new LinkedHashMap<>();
    for (double percentile : PERCENTILES) {
      String name = "p" + (percentile % 1 == 0 ? "%.0f" : "%.1f").formatted(percentile);
      latency.put(name, histogram.getValueAtPercentile(percentile) / NANOS_PER_SECOND);
    }
    latency.put("max", histogram.getMaxValue() / NANOS_PER_SECOND);
    return new LoadReport(
        Math.max(seconds, 0), histogram.getTotalCount(), unsent, latency, results.errors());
  }

  public long failed() {
    return errors.values().stream().mapToLong(Long::longValue).sum();
  }

  private double throughput() {
    return seconds > 0 ? good / seconds : 0;
  }

  public Details details() {
    Details details =
        new Details()
            .add("measured", Human.seconds(seconds))
            .add("verdicts", Human.count(good))
            .add("throughput", Human.rate(throughput()));
    if (good > 0) {
      latency.forEach((name, value) -> details.add(name, Human.seconds(value)));
    }
    details.add("failed", Cell.of(Human.count(failed()), failed() > 0 ? Tone.BAD : Tone.GOOD));
    if (unsent > 0) {
      details.add("not sent", Human.count(unsent) + ", as every caller was busy");
    }
    errors.forEach((code, count) -> details.add("  " + code, Human.count(count)));
    return details;
  }

  public ObjectNode json() {
    ObjectNode report =
        Json.object()
            .put("seconds", seconds)
            .put("verdicts", good)
            .put("throughput", throughput())
            .put("failed", failed())
            .put("unsent", unsent);
    if (good > 0) {
      latency.forEach(report.putObject("latency_seconds")::put);
    }
    errors.forEach(report.putObject("errors")::put);
    return report;
  }
}
