package org.osprey.coordinator.ctl.api;

import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;

/** Reads fields of answers; what is missing is empty, because a coordinator may be an older one. */
public final class Field {
  private Field() {}

  public static String text(JsonNode node, String name) {
    return node.path(name).asString("");
  }

  public static long number(JsonNode node, String name) {
    return node.path(name).asLong(0);
  }

  public static double decimal(JsonNode node, String name) {
    return node.path(name).asDouble(0);
  }

  public static boolean yes(JsonNode node, String name) {
    return node.path(name).asBoolean(false);
  }

  public static List<JsonNode> list(JsonNode node, String name) {
    List<JsonNode> elements = new ArrayList<>();
    node.path(name).forEach(elements::add);
    return elements;
  }
}
