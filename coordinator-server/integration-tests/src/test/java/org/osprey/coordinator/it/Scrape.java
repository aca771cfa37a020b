package org.osprey.coordinator.it;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** One look at a coordinator's metrics, as Prometheus would have it. */
final class Scrape {
  private static final Pattern SAMPLE =
      Pattern.compile("(?<name>[a-z0-9_]+)(?:\\{(?<labels>.*)})? (?<value>\\S+)");
  private static final Pattern LABEL = Pattern.compile("(\\w+)=\"((?:[^\"\\\\]|\\\\.)*)\"");

  private final Map<String, Map<Map<String, String>, Double>> samples = new TreeMap<>();

  private Scrape() {}

  static Scrape of(CoordinatorTester tester) {
    return of(tester.request("/metrics").build());
  }

  /**
   * @param url of the HTTP port
   */
  static Scrape of(String url) {
    return of(HttpRequest.newBuilder(URI.create(url + "/metrics")).build());
  }

  private static Scrape of(HttpRequest request) {
    try (HttpClient client = HttpClient.newHttpClient()) {
      String body = client.send(request, BodyHandlers.ofString()).body();
      Scrape scrape = new Scrape();
      body.lines().filter(line -> !line.startsWith("#")).forEach(scrape::add);
      return scrape;
    } catch (Exception e) {
      throw new AssertionError("no scrape", e);
    }
  }

  /** Those that PromQL can name. */
  Set<String> names() {
    return new TreeSet<>(samples.keySet());
  }

  /** All whose names begin so, by name and labels. */
  Map<String, Double> samples(String prefix) {
    Map<String, Double> found = new TreeMap<>();
    samples.forEach(
        (name, values) -> {
          if (name.startsWith(prefix)) {
            values.forEach((labels, value) -> found.put(name + labels, value));
          }
        });
    return found;
  }

  /**
   * @param name without the prefix
   * @param labels a name, its value, the next name
   */
  double value(String name, String... labels) {
    return plain("osprey_coordinator_" + name, labels);
  }

  /** All of a name that have a label, 0 for none. */
  double sum(String name, String label, String value) {
    return samples.getOrDefault(name, Map.of()).entrySet().stream()
        .filter(sample -> value.equals(sample.getKey().get(label)))
        .mapToDouble(Map.Entry::getValue)
        .sum();
  }

  /** A metric by its whole name. */
  double plain(String full, String... labels) {
    Map<String, String> wanted = new LinkedHashMap<>();
    for (int i = 0; i < labels.length; i += 2) {
      wanted.put(labels[i], labels[i + 1]);
    }
    Double value = samples.getOrDefault(full, Map.of()).get(wanted);
    if (value == null) {
      throw new AssertionError("no " + full + Arrays.toString(labels) + " in " + samples);
    }
    return value;
  }

  /**
   * The smallest bound of a histogram without labels that so great a share is within.
   *
   * @param before an earlier look, what was there then does not count; null for none
   */
  double quantile(String name, double share, @Nullable Scrape before) {
    Map<Map<String, String>, Double> buckets =
        samples.getOrDefault("osprey_coordinator_" + name + "_bucket", Map.of());
    double total = value(name + "_count") - (before == null ? 0 : before.value(name + "_count"));
    return buckets.keySet().stream()
        .filter(
            labels -> {
              String bound = labels.getOrDefault("le", "");
              double then = before == null ? 0 : before.value(name + "_bucket", "le", bound);
              return value(name + "_bucket", "le", bound) - then >= share * total;
            })
        .mapToDouble(labels -> bound(labels.getOrDefault("le", "")))
        .min()
        .orElseThrow(() -> new AssertionError("no histogram " + name));
  }

  private static double bound(String text) {
    return text.equals("+Inf") ? Double.POSITIVE_INFINITY : Double.parseDouble(text);
  }

  private void add(String line) {
    Matcher sample = SAMPLE.matcher(line);
    assertEquals(true, sample.matches(), line);
    Map<String, String> labels = new LinkedHashMap<>();
    String text = sample.group("labels");
    Matcher label = LABEL.matcher(text == null ? "" : text);
    while (label.find()) {
      labels.put(label.group(1), label.group(2));
    }
    Double before =
        samples
            .computeIfAbsent(sample.group("name"), name -> new LinkedHashMap<>())
            .put(labels, Double.valueOf(sample.group("value")));
    assertEquals(null, before, () -> "twice: " + line);
  }
}
