package org.osprey.coordinator.collectors.config;

/** Subjects that events are published to. */
final class Subjects {
  static final String WANT =
      "a subject without wildcards, such as events.{collector}, in which only {collector}, {type}"
          + " and {severity} are filled in";

  private static final String PART = "([^\\s.*>{}]|\\{(collector|type|severity)\\})+";
  private static final String TEMPLATE = PART + "(\\." + PART + ")*";

  private Subjects() {}

  static boolean isTemplate(String subject) {
    return subject.matches(TEMPLATE);
  }
}
