package org.osprey.coordinator.docs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.osprey.coordinator.docs.Document.Piece;

/** What the pages call by a name goes by it. */
class NamesTest {
  private static final Pattern VARIABLE =
      Pattern.compile("(?:OSPREY|PUBSUB|MAX|SNOWFLAKE|ETCD)_[A-Z_]+[A-Z]");
  private static final Pattern SETTING =
      Pattern.compile("[a-zA-Z]+(?:\\.[a-z][a-zA-Z]*)+(?<!\\.(?:md|java|yaml|sh|sql|json|proto))");

  /** Some of which look like settings. */
  private static final String TYPES_OF_EVENTS = "coordinator-server/collectors/KINDS.md";

  /** A consumer group and a service that begin as metrics do. */
  private static final Set<String> NO_METRICS = Set.of("group", "sync_action");

  private static final Pattern METRIC =
      Pattern.compile("osprey_coordinator_([a-z_]+?)(?:_bucket|_count|_sum)?(?:\\{.*)?");

  @Test
  void everyVariableIsKnown() {
    List<Piece> unknown = new ArrayList<>();
    int found = 0;
    for (Document document : Document.all()) {
      for (Piece code : document.code()) {
        if (VARIABLE.matcher(code.text()).matches()) {
          found++;
          if (!Names.isVariable(code.text())) {
            unknown.add(code);
          }
        }
      }
    }
    assertEquals(List.of(), unknown);
    assertTrue(found > 40, "variables found: " + found);
  }

  @Test
  void everySettingIsKnown() {
    Set<String> settings = Names.settings();
    Set<String> sections = sections(settings);
    List<Piece> unknown = new ArrayList<>();
    int found = 0;
    for (Document document : Document.all()) {
      if (document.name().equals(TYPES_OF_EVENTS)) {
        continue;
      }
      for (Piece code : document.code()) {
        String path = code.text().replaceFirst(": .*", "");
        if (SETTING.matcher(path).matches() && sections.contains(path.replaceFirst("\\..*", ""))) {
          found++;
          if (!settings.contains(path) && !sections.contains(path)) {
            unknown.add(code);
          }
        }
      }
    }
    assertEquals(List.of(), unknown);
    assertTrue(found > 200, "settings found: " + found);
  }

  @Test
  void everyMetricIsKnown() {
    Set<String> metrics = Names.metrics();
    List<Piece> unknown = new ArrayList<>();
    int found = 0;
    for (Document document : Document.all()) {
      for (Piece code : document.code()) {
        Matcher metric = METRIC.matcher(code.text());
        if (metric.matches() && !NO_METRICS.contains(metric.group(1))) {
          found++;
          if (!metrics.contains(metric.group(1))) {
            unknown.add(code);
          }
        }
      }
    }
    assertEquals(List.of(), unknown);
    assertTrue(found > 10, "metrics found: " + found);
  }

  /** All that hold settings, at any depth. */
  private static Set<String> sections(Set<String> settings) {
    Set<String> sections = new TreeSet<>();
    for (String setting : settings) {
      for (int at = setting.lastIndexOf('.'); at > 0; at = setting.lastIndexOf('.', at - 1)) {
        sections.add(setting.substring(0, at));
      }
    }
    return sections;
  }
}
