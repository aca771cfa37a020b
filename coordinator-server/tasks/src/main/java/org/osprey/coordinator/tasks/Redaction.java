package org.osprey.coordinator.tasks;

import java.util.Collection;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Keeps the values of certain fields, at any depth and in any case, from what people see. */
final class Redaction {
  private static final String HIDDEN = "***";

  private final Set<String> names = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);

  /** A field in text that may be JSON, and may be cut off; null when nothing is hidden. */
  private final @Nullable Pattern field;

  Redaction(Collection<String> names) {
    this.names.addAll(names);
    field = names.isEmpty() ? null : field(this.names);
  }

  private static Pattern field(Set<String> names) {
    String any = names.stream().map(Pattern::quote).collect(Collectors.joining("|"));
    String value = "\"(?:\\\\.|[^\"\\\\])*+\"?|[\\[{].*|[^\\s,}\\]]+";
    return Pattern.compile(
        "(\"(?:" + any + ")\"\\s*:\\s*)(?:" + value + ")",
        Pattern.CASE_INSENSITIVE | Pattern.UNICODE_CASE | Pattern.DOTALL);
  }

  /**
   * @param json one value
   */
  @Nullable String json(@Nullable String json) {
    if (json == null || field == null) {
      return json;
    }
    JsonNode tree = Payloads.MAPPER.readTree(json);
    hide(tree);
    return tree.toString();
  }

  private void hide(JsonNode node) {
    if (node instanceof ObjectNode object) {
      for (Map.Entry<String, JsonNode> entry : object.properties()) {
        if (names.contains(entry.getKey())) {
          entry.setValue(object.stringNode(HIDDEN));
        } else {
          hide(entry.getValue());
        }
      }
    } else {
      node.forEach(this::hide);
    }
  }

  /** The value of one field. */
  @Nullable String value(String name, @Nullable String value) {
    return value != null && names.contains(name) ? HIDDEN : value;
  }

  /** Words for people, which may repeat an answer or its beginning. */
  @Nullable String text(@Nullable String text) {
    return text == null || field == null
        ? text
        : field.matcher(text).replaceAll("$1\"" + HIDDEN + "\"");
  }
}
