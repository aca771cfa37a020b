package org.osprey.coordinator.app.config;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.osprey.coordinator.app.config.Setting.Blank;
import org.osprey.coordinator.app.config.Setting.Items;
import org.osprey.coordinator.app.config.Setting.Scalar;
import org.osprey.coordinator.app.config.Setting.Section;
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
final class YamlReader {
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
  static Section read(String file, String text, Mistakes mistakes) {
    try (YAMLParser parser = (YAMLParser) FACTORY.createParser(ObjectReadContext.empty(), text)) {
      return new YamlReader(file, parser, mistakes).read();
    }
  }

  private Section read() {
    try {
      return document();
    } catch (JacksonException e) {
      TokenStreamLocation location = e.getLocation();
      Origin origin = location == null ? here() : line(location);
      mistakes.at("", origin, "not YAML: " + problem(e));
      return Section.EMPTY;
    }
  }

  private Section document() {
    JsonToken first = parser.nextToken();
    if (first == null || first == JsonToken.VALUE_NULL) {
      return Section.EMPTY;
    }
    Origin origin = here();
    if (!(value(first, "") instanceof Section section)) {
      mistakes.at("", origin, "want keys and values such as \"rpc:\"");
      return Section.EMPTY;
    }
    if (parser.nextToken() != null) {
      mistakes.at("", here(), "a second document begins, want one");
    }
    return section;
  }

  private Setting value(JsonToken token, String path) {
    Origin origin = here();
    if (token == JsonToken.START_OBJECT) {
      return section(path, origin);
    }
    if (token == JsonToken.START_ARRAY) {
      return items(path, origin);
    }
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
      Setting previous = entries.put(key, value(parser.nextToken(), child));
      if (previous != null) {
        mistakes.at(child, line, "this key was already used at " + previous.origin().place());
      }
    }
    return new Section(entries, origin);
  }

  private Items items(String path, Origin origin) {
    List<Setting> items = new ArrayList<>();
    for (JsonToken t = parser.nextToken(); t != JsonToken.END_ARRAY; t = parser.nextToken()) {
      items.add(value(t, path));
    }
    return new Items(items, origin);
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
