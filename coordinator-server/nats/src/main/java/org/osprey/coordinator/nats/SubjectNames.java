package org.osprey.coordinator.nats;

import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The action names that settings give to subjects. */
final class SubjectNames {
  private final List<Named> mostSpecificFirst;

  private record Named(SubjectPattern pattern, String name) {}

  SubjectNames(Map<String, String> nameByPattern) {
    mostSpecificFirst =
        nameByPattern.entrySet().stream()
            .map(entry -> new Named(SubjectPattern.of(entry.getKey()), entry.getValue()))
            .sorted(Comparator.comparing(named -> named.pattern.rank()))
            .toList();
  }

  /**
   * @return the name of the most specific pattern that matches, or null for none
   */
  @Nullable String nameOf(String subject) {
    if (mostSpecificFirst.isEmpty()) {
      return null;
    }
    List<String> tokens = SubjectPattern.tokens(subject);
    for (Named named : mostSpecificFirst) {
      if (named.pattern.matches(tokens)) {
        return named.name;
      }
    }
    return null;
  }
}
