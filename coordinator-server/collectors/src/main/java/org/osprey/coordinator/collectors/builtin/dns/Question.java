package org.osprey.coordinator.collectors.builtin.dns;

import java.util.Map;

/** What is asked for. */
record Question(String name, String type) {

  Map<String, String> attributes() {
    return Map.of("name", name, "type", type);
  }

  @Override
  public String toString() {
    return name + " " + type;
  }
}
