package org.osprey.coordinator.settings;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.osprey.coordinator.settings.Setting.Blank;
import org.osprey.coordinator.settings.Setting.Items;
import org.osprey.coordinator.settings.Setting.Scalar;
import org.osprey.coordinator.settings.Setting.Section;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.dataformat.yaml.YAMLFactory;
import tools.jackson.dataformat.yaml.YAMLParser;

/**
 * Reads one YAML document into settings. It goes token by token, because each setting keeps its
 * line, and because a duplicate key must not hide the mistakes after it, as the parser's own
 * detection would. Aliases are refused: the parser would hand over their name as the value.
 */
public final class YamlReader {
  private static final YAMLFactory FACTORY = new YAMLFactory();

  private final String file;
  private final YAMLParser parser;
  private final Mistakes mistakes;

  private YamlReader(String file, YAMLParser parser, Mistakes mistakes) {
    this.file = file;
    this.parser = parser;
    this.mistakes = mistakes;
  }

  /**
   * @param file its name, for people
   * @return nothing when the syntax is wrong
   */
  public static Section read(String file, String text, Mistakes mistakes) {
    try (YAMLParser parser = (YAMLParser) FACTORY.createParser(ObjectReadContext.empty(), text)) {
      return new YamlReader(file, parser, mistakes).read();
    }
  }

  private Section read() {
    try {
      return document();
    } catch (JacksonException e) {
      mistakes.at("", where(e), "not YAML: " + problem(e));
      return Section.EMPTY;
    }
  }

  private Section document() {
    JsonToken first = parser.nextToken();
    if (first == null || first == JsonToken.VALUE_NULL) {
      return Section.EMPTY;
    }
    Origin origin = here();
    if (!(value(first, "", origin) instanceof Section section)) {
      mistakes.at("", origin, "want keys and values such as \"rpc:\"");
      return Section.EMPTY;
    }
    if (parser.nextToken() != null) {
      mistakes.at("", here(), "a second document begins, want one");
    }
    return section;
  }

  /**
   * @param start where people see a section or a list begin: at its key
   */
  private Setting value(JsonToken token, String path, Origin start) {
    if (token == JsonToken.START_OBJECT) {
      return section(path, start);
    }
    if (token == JsonToken.START_ARRAY) {
      return items(path, start);
    }
    Origin origin = here();
    if (parser.isCurrentAlias()) {
      mistakes.at(path, origin, "want the value itself, aliases (*name) are not read");
      return new Blank(origin);
    }
    return token == JsonToken.VALUE_NULL
        ? new Blank(origin)
        : new Scalar(parser.getString(), origin);
  }

  private Section section(String path, Origin origin) {
    Map<String, Setting> entries = new LinkedHashMap<>();
    while (parser.nextToken() != JsonToken.END_OBJECT) {
      String key = parser.currentName();
      String child = Names.child(path, key);
      Origin line = here();
      Setting previous = entries.put(key, value(parser.nextToken(), child, line));
      if (previous != null) {
        mistakes.at(child, line, "this key was already used at " + previous.origin().place());
      }
    }
    return new Section(entries, origin);
  }

  private Items items(String path, Origin origin) {
    List<Setting> items = new ArrayList<>();
    for (JsonToken t = parser.nextToken(); t != JsonToken.END_ARRAY; t = parser.nextToken()) {
      items.add(value(t, path, here()));
    }
    return new Items(items, origin);
  }

  /** Of the problem: the parser's own location is that of what it could still read. */
  private Origin where(JacksonException failure) {
    if (failure.getCause() instanceof MarkedYamlEngineException marked
        && marked.getProblemMark().isPresent()) {
      return new Origin.Line(file, marked.getProblemMark().get().getLine() + 1);
    }
    TokenStreamLocation location = failure.getLocation();
    return location == null ? here() : line(location);
  }

  private Origin here() {
    return line(parser.currentTokenLocation());
  }

  private Origin line(TokenStreamLocation location) {
    return new Origin.Line(file, Math.max(1, location.getLineNr()));
  }

  /** Without the indented lines: they quote the file, which may hold secrets. */
  private static String problem(JacksonException e) {
    return e.getOriginalMessage()
        .lines()
        .filter(line -> !line.startsWith(" "))
        .collect(Collectors.joining(", "));
  }
}
