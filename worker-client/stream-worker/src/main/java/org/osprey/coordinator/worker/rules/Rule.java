package org.osprey.coordinator.worker.rules;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** One line of a rule file. */
record Rule(Glob action, @Nullable Condition condition, List<String> verdicts) {
  private static final String ARROW = "->";
  private static final String SHAPE = "ACTION [FIELD VALUE] -> VERDICT";

  record Condition(String field, Glob value) {
    boolean matches(Fields fields) {
      return fields.values(field).stream().anyMatch(value::matches);
    }
  }

  /**
   * @throws IllegalArgumentException saying what is wrong with the line
   */
  static Rule parse(String line) {
    int arrow = line.lastIndexOf(ARROW);
    if (arrow < 0) {
      throw new IllegalArgumentException("there is no '->', expected " + SHAPE);
    }
    // The value is all that is left, so it may contain blanks.
    String[] left = line.substring(0, arrow).strip().split("\\s+", 3);
    return new Rule(action(left), condition(left), verdicts(line.substring(arrow + 2).strip()));
  }

  boolean matches(String name, Fields fields) {
    return action.matches(name) && (condition == null || condition.matches(fields));
  }

  private static Glob action(String[] left) {
    if (left[0].isEmpty()) {
      throw new IllegalArgumentException("there is no action before '->', expected " + SHAPE);
    }
    return Glob.of(left[0]);
  }

  private static @Nullable Condition condition(String[] left) {
    if (left.length == 2) {
      throw new IllegalArgumentException(
          "the field '" + left[1] + "' has no value to compare with, expected " + SHAPE);
    }
    return left.length == 1 ? null : new Condition(left[1], Glob.of(left[2]));
  }

  private static List<String> verdicts(String right) {
    if (right.isEmpty()) {
      throw new IllegalArgumentException("there is no verdict after '->', expected " + SHAPE);
    }
    List<String> verdicts = List.of(right.split("[\\s,]+"));
    for (String verdict : verdicts) {
      if (!verdict.matches("[A-Za-z0-9_.:-]+")) {
        throw new IllegalArgumentException(
            "expected a verdict of letters, digits and _ . : -, got '" + verdict + "'");
      }
    }
    return verdicts;
  }
}
