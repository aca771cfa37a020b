package org.osprey.coordinator.tasks;

/** What is stored as a request's payload: the items under a name, as the API shows them. */
final class Payloads {
  private static final String START = "{\"items\":";
  private static final String END = "}";

  private Payloads() {}

  static String stored(String items) {
    return START + items + END;
  }

  static String items(String stored) {
    return stored.substring(START.length(), stored.length() - END.length());
  }
}
