package org.osprey.coordinator.nats;

import java.util.List;

/** A subject in which {@code *} stands for one word and {@code >} for all the rest. */
public record SubjectPattern(List<String> tokens) {
  private static final String ONE = "*";
  private static final String REST = ">";

  public static SubjectPattern of(String pattern) {
    return new SubjectPattern(tokens(pattern));
  }

  static List<String> tokens(String subject) {
    return List.of(subject.split("\\.", -1));
  }

  public boolean matches(String subject) {
    return matches(tokens(subject));
  }

  boolean matches(List<String> subject) {
    for (int i = 0; i < tokens.size(); i++) {
      String token = tokens.get(i);
      if (i == subject.size()) {
        return false;
      }
      if (token.equals(REST)) {
        return true;
      }
      if (!token.equals(ONE) && !token.equals(subject.get(i))) {
        return false;
      }
    }
    return tokens.size() == subject.size();
  }

  /** Sorts literal words before {@code *} and that before {@code >}. */
  String rank() {
    StringBuilder rank = new StringBuilder();
    for (String token : tokens) {
      rank.append(token.equals(REST) ? '2' : token.equals(ONE) ? '1' : '0');
    }
    return rank.toString();
  }
}
