package org.osprey.coordinator.collectors.config;

import java.util.Collection;
import java.util.List;
import org.osprey.coordinator.settings.Mistakes;
import org.osprey.coordinator.settings.Names;
import org.osprey.coordinator.settings.Setting;
import org.osprey.coordinator.settings.Setting.Items;
import org.osprey.coordinator.settings.Setting.Scalar;
import org.osprey.coordinator.settings.Setting.Section;

/** What routes say beside their single values. */
final class RouteCheck {
  private final Mistakes mistakes;
  private final List<String> warnings;

  RouteCheck(Mistakes mistakes, List<String> warnings) {
    this.mistakes = mistakes;
    this.warnings = warnings;
  }

  void check(Section orchestrator, Collection<String> collectors) {
    if (orchestrator.entries().get("routes") instanceof Items items) {
      for (int i = 0; i < items.items().size(); i++) {
        if (items.items().get(i) instanceof Section route) {
          check("orchestrator.routes[%d]".formatted(i), route, collectors);
        }
      }
    }
  }

  private void check(String path, Section route, Collection<String> collectors) {
    boolean subject = !text(route, "subject").isEmpty();
    if (subject != text(route, "action").isEmpty()) {
      String got = subject ? "both" : "neither";
      mistakes.at(
          path, route.origin(), "got %s, want either a subject or an action".formatted(got));
    }
    String collector = text(route, "collector");
    if (!collector.isEmpty() && !collectors.contains(collector)) {
      String near = Names.nearest(collector, collectors).orElse("one that is configured");
      warnings.add(
          "%s: there is no collector \"%s\", did you mean %s?"
              .formatted(route.origin().name(path), collector, near));
    }
  }

  private static String text(Section route, String key) {
    Setting setting = route.entries().get(key);
    return setting instanceof Scalar scalar ? scalar.text() : "";
  }
}
