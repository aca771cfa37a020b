package org.osprey.coordinator.app.config;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.commons.text.StringSubstitutor;
import org.jspecify.annotations.Nullable;
import org.osprey.coordinator.app.config.Setting.Blank;
import org.osprey.coordinator.app.config.Setting.Items;
import org.osprey.coordinator.app.config.Setting.Scalar;
import org.osprey.coordinator.app.config.Setting.Section;

/**
 * Puts environment variables into single values: <code>${NAME}</code>, <code>${NAME:-otherwise}
 * </code>, and <code>$${NAME}</code> for the text itself. An empty variable counts as unset. What
 * comes out of a variable or a default is not expanded again.
 */
final class Expansion {
  private final Map<String, String> environment;
  private final Mistakes mistakes;
  private final StringSubstitutor substitutor;

  /** What an exception of the substitutor is about. */
  private String lastAsked = "";

  Expansion(Map<String, String> environment, Mistakes mistakes) {
    this.environment = environment;
    this.mistakes = mistakes;
    substitutor =
        new StringSubstitutor(this::variable)
            .setDisableSubstitutionInValues(true)
            .setEnableUndefinedVariableException(true);
  }

  Section expand(Section section) {
    return section("", section);
  }

  private Section section(String path, Section section) {
    Map<String, Setting> expanded = new LinkedHashMap<>();
    section
        .entries()
        .forEach((key, value) -> expanded.put(key, setting(Names.child(path, key), value)));
    return new Section(expanded, section.origin());
  }

  private Setting setting(String path, Setting setting) {
    return switch (setting) {
      case Section section -> section(path, section);
      case Items(List<Setting> items, Origin origin) ->
          new Items(items.stream().map(item -> setting(path, item)).toList(), origin);
      case Scalar scalar -> scalar(path, scalar);
      case Blank blank -> blank;
    };
  }

  private Setting scalar(String path, Scalar scalar) {
    try {
      return new Scalar(substitutor.replace(scalar.text()), scalar.origin());
    } catch (IllegalArgumentException e) {
      String otherwise = "${%s:-value}".formatted(lastAsked);
      mistakes.at(
          path,
          scalar.origin(),
          "variable %s is not set, want it set or a default: %s".formatted(lastAsked, otherwise));
      return new Blank(scalar.origin());
    }
  }

  private @Nullable String variable(String name) {
    lastAsked = name;
    String value = environment.get(name);
    return value == null || value.isEmpty() ? null : value;
  }
}
