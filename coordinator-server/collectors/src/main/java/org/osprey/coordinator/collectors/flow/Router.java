package org.osprey.coordinator.collectors.flow;

import com.google.errorprone.annotations.ThreadSafe;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.osprey.coordinator.collector.Severity;
import org.osprey.coordinator.core.ActionNames;

/** Says where the events of one collector go, and remembers it for each type. */
@ThreadSafe
final class Router {
  /** Beyond this a type costs a look at the routes each time. */
  private static final int MOST_TYPES = 1_000;

  /** What has a meaning in a subject, or no place there. */
  private static final Pattern NOT_IN_SUBJECT = Pattern.compile("[\\s\\p{Cntrl}*>]");

  private static final Pattern EMPTY_TOKEN = Pattern.compile("(?<=^|\\.)(?=\\.|$)");

  private final String collector;
  private final List<Route> routes;
  private final String subject;
  private final Map<String, Map<Severity, Target>> byType = new ConcurrentHashMap<>();

  /**
   * @param routes of all collectors
   * @param subject for events that no route fits
   */
  Router(String collector, List<Route> routes, String subject) {
    this.collector = collector;
    this.routes = routes.stream().filter(route -> isOf(collector, route.collector())).toList();
    this.subject = subject;
  }

  private static boolean isOf(String collector, @Nullable String wanted) {
    return wanted == null || wanted.equals(collector);
  }

  Target target(String type, Severity severity) {
    Map<Severity, Target> targets = byType.get(type);
    Target known = targets == null ? null : targets.get(severity);
    return known == null ? look(type, severity) : known;
  }

  private Target look(String type, Severity severity) {
    if (byType.size() < MOST_TYPES) {
      Map<Severity, Target> targets = new EnumMap<>(Severity.class);
      for (Severity each : Severity.values()) {
        targets.put(each, find(type, each));
      }
      byType.put(type, targets);
    }
    return find(type, severity);
  }

  private Target find(String type, Severity severity) {
    for (Route route : routes) {
      if (severity.compareTo(route.severity()) >= 0 && fits(route.type(), type)) {
        String destination =
            switch (route.kind()) {
              case SUBJECT -> filled(route.target(), type, severity);
              case ACTION -> route.target();
            };
        return new Target(route.kind(), destination, route.sample());
      }
    }
    return new Target(Route.Kind.SUBJECT, filled(subject, type, severity), 1);
  }

  private static boolean fits(@Nullable String pattern, String type) {
    return pattern == null || new ActionNames(List.of(pattern)).matches(type);
  }

  /** The dots of a type stay: they make tokens of the subject. */
  private String filled(String template, String type, Severity severity) {
    return template
        .replace("{collector}", inSubject(collector).replace('.', '_'))
        .replace("{type}", inSubject(type))
        .replace("{severity}", severity.name().toLowerCase(Locale.ROOT));
  }

  private static String inSubject(String text) {
    String allowed = NOT_IN_SUBJECT.matcher(text).replaceAll("_");
    return EMPTY_TOKEN.matcher(allowed).replaceAll("_");
  }
}
