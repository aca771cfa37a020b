package org.osprey.coordinator.streams.nats;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.net.URLEncoder;

/**
 * Where one party is asked.
 *
 * @param prefix ends with a dot
 */
record Subjects(String prefix) {
  /** All coordinators: of those that share a queue group one takes each. */
  static final Subjects ANY = new Subjects("orchestrator.");

  private static final String UPDATES = "stream.";
  private static final String UPDATES_END = ".updates";

  /** One coordinator. Its name becomes one word without wildcards, another one for each name. */
  static Subjects instance(String name) {
    String word = URLEncoder.encode(name, UTF_8).replace(".", "%2E").replace("*", "%2A");
    return new Subjects("orchestrator.instance." + word + ".");
  }

  String command() {
    return prefix + "command";
  }

  String subscription() {
    return prefix + "subscription";
  }

  String list() {
    return prefix + "list";
  }

  /**
   * @param streamId a valid one
   */
  static String updates(String streamId) {
    return UPDATES + streamId + UPDATES_END;
  }

  /** Whether this is where updates of the stream are sent. */
  static boolean isUpdates(String subject, String streamId) {
    return subject.length() == UPDATES.length() + streamId.length() + UPDATES_END.length()
        && subject.startsWith(streamId, UPDATES.length());
  }
}
