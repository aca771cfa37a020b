package org.osprey.coordinator.docs;

import java.util.regex.Pattern;

/** How it is known that a command does what a document says. */
sealed interface Holding {

  /** The ways in which commands are run here, against a coordinator. */
  enum Way {
    /** With curl itself, which must succeed. */
    CURL,
    /** As {@link #CURL}, for an answer that goes on: it must begin. */
    CURL_FOLLOWING,
    /** As the call it makes, on the protocol's own stubs. */
    GRPCURL,
    /** As the command of the command line that it is, which must end with 0. */
    COORDCTL,
    /** As the command of the command line that it is, whose help must know all its options. */
    COORDCTL_HELP,
    /** As a client of WebSockets, which must get a message. */
    WEB_SOCKET,
    /** Its variables and its file are read as the coordinator reads them. */
    SETTINGS
  }

  /** Run here. */
  record Run(Way way) implements Holding {}

  /**
   * Run by another test, whose text shows it; its settings are read here all the same.
   *
   * @param file from the repository's folder
   * @param text that the file has
   */
  record ByTest(String file, String text) implements Holding {}

  /**
   * Run by nobody.
   *
   * @param reason why a test cannot
   */
  record NotHere(String reason) implements Holding {}

  /**
   * @param command the whole of a command, without the variables before it
   */
  record Entry(Pattern command, Holding holding) {}

  static Entry run(String command, Way way) {
    return new Entry(Pattern.compile(command, Pattern.DOTALL), new Run(way));
  }

  static Entry byTest(String command, String file, String text) {
    return new Entry(Pattern.compile(command, Pattern.DOTALL), new ByTest(file, text));
  }

  static Entry notHere(String command, String reason) {
    return new Entry(Pattern.compile(command, Pattern.DOTALL), new NotHere(reason));
  }
}
