package org.osprey.coordinator.settings;

import java.util.List;
import java.util.stream.Collectors;

/** A record of settings refuses its components; holds everything it refuses. */
public final class InvalidSettingsException extends IllegalArgumentException {
  private final transient List<Violation> violations;

  public InvalidSettingsException(List<Violation> violations) {
    super(violations.stream().map(Violation::toString).collect(Collectors.joining("; ")));
    this.violations = List.copyOf(violations);
  }

  public List<Violation> violations() {
    return violations;
  }

  /**
   * @param path from the record: a component, and the key within it when that is a map
   */
  public record Violation(List<String> path, String got, String want) {
    @Override
    public String toString() {
      String name = String.join(".", path);
      return "%s: got \"%s\", want %s".formatted(name, Secrets.masked(name, got), want);
    }
  }
}
