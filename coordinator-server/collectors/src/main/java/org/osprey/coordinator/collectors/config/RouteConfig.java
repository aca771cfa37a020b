package org.osprey.coordinator.collectors.config;

import org.jspecify.annotations.Nullable;
import org.osprey.coordinator.collector.Severity;
import org.osprey.coordinator.collectors.flow.Route;
import org.osprey.coordinator.settings.Rules;

/**
 * One of {@code orchestrator.routes}; for it to be of use, either a subject or an action is set.
 *
 * @param collector empty for any
 * @param type a pattern in which {@code *} stands for any characters; empty for any
 * @param severity the least that fits
 */
public record RouteConfig(
    String collector,
    String type,
    Severity severity,
    String subject,
    String action,
    double sample) {

  static final RouteConfig DEFAULTS = new RouteConfig("", "", Severity.DEBUG, "", "", 1);

  public RouteConfig {
    new Rules()
        .that(subject.isEmpty() || Subjects.isTemplate(subject), subject, Subjects.WANT, "subject")
        .that(action.isEmpty() || !action.isBlank(), action, "the name of an action", "action")
        .that(sample >= 0 && sample <= 1, sample, "a number from 0 to 1", "sample")
        .check();
  }

  Route route() {
    boolean toSubject = action.isEmpty();
    return new Route(
        orNull(collector),
        orNull(type),
        severity,
        toSubject ? Route.Kind.SUBJECT : Route.Kind.ACTION,
        toSubject ? subject : action,
        sample);
  }

  private static @Nullable String orNull(String text) {
    return text.isEmpty() ? null : text;
  }
}
