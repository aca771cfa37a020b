package org.osprey.coordinator.settings;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.osprey.coordinator.settings.Setting.Blank;
import org.osprey.coordinator.settings.Setting.Items;
import org.osprey.coordinator.settings.Setting.Scalar;
import org.osprey.coordinator.settings.Setting.Section;

/**
 * Puts environment variables into single values: <code>${NAME}</code>, <code>${NAME:-otherwise}
 * </code>, and <code>$${NAME}</code> for the text itself. An empty variable counts as unset. What
 * comes out of a variable or a default is not expanded again.
 */
public final class Expansion {
  private static final String FORMS = "${NAME}, ${NAME:-otherwise}, or $$ for a $";

  /** A name, and a default that holds no further variable. */
  private static final Pattern REFERENCE =
      Pattern.compile("\\$\\{([A-Za-z_][A-Za-z0-9_.]*)(?::-((?:(?!\\$\\{)[^}])*))?\\}");

  private final Map<String, String> environment;
  private final Dollar dollar;
  private final Mistakes mistakes;

  /** What a <code>$</code> means that no brace follows. */
  public enum Dollar {
    /** Itself, also when there are two of them. */
    TEXT,
    /** Two of them stand for one, and a single one is a mistake. */
    ESCAPE
  }

  public Expansion(Map<String, String> environment, Dollar dollar, Mistakes mistakes) {
    this.environment = environment;
    this.dollar = dollar;
    this.mistakes = mistakes;
  }

  public Section expand(Section section) {
    return section("", section);
  }

  /**
   * @param path of the setting, for people
   */
  public Setting expand(String path, Setting setting) {
    return switch (setting) {
      case Section section -> section(path, section);
      case Items(List<Setting> items, Origin origin) ->
          new Items(items.stream().map(item -> expand(path, item)).toList(), origin);
      case Scalar scalar -> scalar(path, scalar);
      case Blank blank -> blank;
    };
  }

  private Section section(String path, Section section) {
    Map<String, Setting> expanded = new LinkedHashMap<>();
    section
        .entries()
        .forEach((key, value) -> expanded.put(key, expand(Names.child(path, key), value)));
    return new Section(expanded, section.origin());
  }

  private Setting scalar(String path, Scalar scalar) {
    if (scalar.text().indexOf('$') < 0) {
      return scalar;
    }
    int before = mistakes.count();
    String text = text(path, scalar);
    return mistakes.count() == before
        ? new Scalar(text, scalar.origin())
        : new Blank(scalar.origin());
  }

  private String text(String path, Scalar scalar) {
    String text = scalar.text();
    StringBuilder result = new StringBuilder();
    int at = 0;
    for (int next = text.indexOf('$'); next >= 0; next = text.indexOf('$', at)) {
      result.append(text, at, next);
      Matcher reference = REFERENCE.matcher(text).region(next, text.length());
      if (reference.lookingAt()) {
        result.append(value(path, scalar.origin(), reference));
        at = reference.end();
      } else if (text.startsWith("$${", next) || isEscape(text, next)) {
        result.append('$');
        at = next + 2;
      } else if (dollar == Dollar.ESCAPE || text.startsWith("${", next)) {
        unknown(path, scalar, next);
        return "";
      } else {
        result.append('$');
        at = next + 1;
      }
    }
    return result.append(text, at, text.length()).toString();
  }

  private boolean isEscape(String text, int at) {
    return dollar == Dollar.ESCAPE && text.startsWith("$$", at);
  }

  private String value(String path, Origin origin, Matcher reference) {
    String name = reference.group(1);
    String value = environment.getOrDefault(name, "");
    if (!value.isEmpty()) {
      return value;
    }
    String otherwise = reference.group(2);
    if (otherwise == null) {
      mistakes.at(
          path,
          origin,
          "variable %s is not set, want it set or a default: ${%s:-value}".formatted(name, name));
      return "";
    }
    return otherwise;
  }

  /** Repeats nothing of a secret. */
  private void unknown(String path, Scalar scalar, int at) {
    String got = scalar.text().substring(at);
    int end = got.indexOf('}');
    String shown = Secrets.masked(path, end < 0 ? got : got.substring(0, end + 1));
    mistakes.at(path, scalar.origin(), "cannot read \"%s\", want %s".formatted(shown, FORMS));
  }
}
