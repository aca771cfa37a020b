package org.osprey.coordinator.worker.rules;

import java.util.ArrayList;
import java.util.List;

/** All rules of a file. Every rule that matches gives its verdicts. */
public final class Rules {
  private final List<Rule> rules;

  private Rules(List<Rule> rules) {
    this.rules = List.copyOf(rules);
  }

  /**
   * Reads all lines, blank ones and those that start with # aside.
   *
   * @param source how to call the text in messages
   * @throws RuleMistakes with all mistakes, each naming its line
   */
  public static Rules parse(String source, List<String> lines) throws RuleMistakes {
    List<Rule> rules = new ArrayList<>();
    List<String> mistakes = new ArrayList<>();
    for (int number = 1; number <= lines.size(); number++) {
      String line = lines.get(number - 1).strip();
      if (line.isEmpty() || line.startsWith("#")) {
        continue;
      }
      try {
        rules.add(Rule.parse(line));
      } catch (IllegalArgumentException e) {
        mistakes.add("%s line %d: %s; got: %s".formatted(source, number, e.getMessage(), line));
      }
    }
    if (!mistakes.isEmpty()) {
      throw new RuleMistakes(mistakes);
    }
    return new Rules(rules);
  }

  public int size() {
    return rules.size();
  }

  /** In the order of the file, each verdict once. */
  public List<String> verdicts(String name, Fields fields) {
    return rules.stream()
        .filter(rule -> rule.matches(name, fields))
        .flatMap(rule -> rule.verdicts().stream())
        .distinct()
        .toList();
  }
}
