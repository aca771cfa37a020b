package org.osprey.coordinator.docs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.dataformat.yaml.YAMLMapper;

/** The alerts speak of metrics and labels that there are, and operators are told what to do. */
class AlertsTest {
  private static final Path FILE = Document.ROOT.resolve("docker/prometheus/alerts.yml");
  private static final Pattern METRIC =
      Pattern.compile("\\b(?:osprey_coordinator_|(?=orchestrator_))([a-z_]+)(?:\\{([^}]*)})?");
  private static final Pattern LABEL = Pattern.compile("([a-z]+)=~?\"");
  private static final Pattern BY = Pattern.compile("\\bby \\(([^)]*)\\)");
  private static final Pattern DOCUMENTED =
      Pattern.compile("(?m)^\\| `([a-z_]+)(?:\\{([a-z,]+)})?`");

  private static final Map<String, Set<String>> LABELS = new HashMap<>();

  @BeforeAll
  static void readMetrics() throws IOException {
    Matcher row = DOCUMENTED.matcher(Files.readString(Document.ROOT.resolve("docs/metrics.md")));
    while (row.find()) {
      Set<String> labels = new HashSet<>(Set.of("instance", "job"));
      if (row.group(2) != null) {
        labels.addAll(List.of(row.group(2).split(",", -1)));
      }
      LABELS.put(row.group(1), labels);
    }
  }

  @Test
  void everyMetricAndLabelExists() throws IOException {
    List<String> unknown = new ArrayList<>();
    for (JsonNode alert : alerts()) {
      String expression = alert.get("expr").asString();
      List<String> metrics = metrics(expression, unknown);
      assertTrue(expression.startsWith("up{") || !metrics.isEmpty(), expression);
      Matcher by = BY.matcher(expression);
      while (by.find()) {
        for (String label : by.group(1).split(", ", -1)) {
          check(metrics, label, unknown);
        }
      }
    }
    assertEquals(List.of(), unknown);
  }

  @Test
  void everyAlertHasItsPlaceInTheRunbook() throws IOException {
    Document runbook = Document.read(Document.ROOT.resolve("docs/operations.md"));
    Set<String> names = new TreeSet<>();
    for (JsonNode alert : alerts()) {
      String name = alert.get("alert").asString();
      assertTrue(names.add(name.toLowerCase(Locale.ROOT)), name);
      assertTrue(!alert.at("/labels/severity").asString("").isEmpty(), name);
      assertTrue(!alert.at("/annotations/summary").asString("").isEmpty(), name);
      assertTrue(alert.path("for").asString("1m").matches("[0-9]+[smh]"), name);
    }
    Set<String> described = new TreeSet<>(runbook.anchors());
    described.removeIf(anchor -> !anchor.matches("(coordinator|collectors)[a-z]+"));
    assertEquals(names, described);
  }

  private static List<String> metrics(String expression, List<String> unknown) {
    List<String> names = new ArrayList<>();
    Matcher metric = METRIC.matcher(expression);
    while (metric.find()) {
      names.add(metric.group(1));
      if (!LABELS.containsKey(metric.group(1))) {
        unknown.add("no such metric: " + metric.group(1));
      }
      Matcher label = LABEL.matcher(metric.group(2) == null ? "" : metric.group(2));
      while (label.find()) {
        check(List.of(metric.group(1)), label.group(1), unknown);
      }
    }
    return names;
  }

  private static void check(List<String> metrics, String label, List<String> unknown) {
    for (String metric : metrics) {
      if (!LABELS.getOrDefault(metric, Set.of()).contains(label)) {
        unknown.add(metric + " has no label " + label);
      }
    }
  }

  private static List<JsonNode> alerts() throws IOException {
    List<JsonNode> alerts = new ArrayList<>();
    for (JsonNode group : new YAMLMapper().readTree(Files.readString(FILE)).get("groups")) {
      group.get("rules").forEach(alerts::add);
    }
    assertTrue(alerts.size() > 10);
    return alerts;
  }
}
