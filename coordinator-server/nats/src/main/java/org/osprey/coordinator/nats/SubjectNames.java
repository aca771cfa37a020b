package org.osprey.coordinator.nats;

import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The action names that settings give to subjects. */
final class SubjectNames {
  private static final String ONE = "*";
  private static final String REST = ">";

  private final List<Pattern> mostSpecificFirst;

  private record Pattern(List<String> tokens, String name) {
    boolean matches(String[] subject) {
      for (int i = 0; i < tokens.size(); i++) {
        String token = tokens.get(i);
        if (i == subject.length) {
          return false;
        }
        if (token.equals(REST)) {
          return true;
        }
        if (!token.equals(ONE) && !token.equals(subject[i])) {
          return false;
        }
      }
      return tokens.size() == subject.length;
    }

    /** Sorts literal tokens before {@code *} and that before {@code >}. */
    String rank() {
      StringBuilder rank = new StringBuilder();
      for (String token : tokens) {
        rank.append(token.equals(REST) ? '2' : token.equals(ONE) ? '1' : '0');
      }
      return rank.toString();
    }
  }

  SubjectNames(Map<String, String> nameByPattern) {
    mostSpecificFirst =
        nameByPattern.entrySet().stream()
            .map(entry -> new Pattern(List.of(tokens(entry.getKey())), entry.getValue()))
            .sorted(Comparator.comparing(Pattern::rank))
            .toList();
  }

  /**
   * @return the name of the most specific pattern that matches, or null for none
   */
  @Nullable String nameOf(String subject) {
    if (mostSpecificFirst.isEmpty()) {
      return null;
    }
    String[] tokens = tokens(subject);
    for (Pattern pattern : mostSpecificFirst) {
      if (pattern.matches(tokens)) {
        return pattern.name;
      }
    }
    return null;
  }

  private static String[] tokens(String subject) {
    return subject.split("\\.", -1);
  }
}
