package org.osprey.coordinator.worker;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The command line of the sample worker. */
record SampleArguments(
    List<String> targets,
    int streams,
    @Nullable String rules,
    @Nullable String caFile,
    @Nullable String tokenFile,
    boolean help) {
  static final String USAGE =
      """
      Takes actions from a coordinator and answers them by the rules of a text file.

        --target HOST:PORT  a coordinator's worker port; may be given several times
                            (default 127.0.0.1:19950)
        --streams N         how many actions to handle at once, 1 to 10000 (default 4)
        --rules FILE        the rules; the built-in ones explain how to write them:
                            sample-rules.txt
        --ca-file PEM       connects with TLS and trusts these authorities
        --token-file FILE   signs in with the token in that file
        --help              prints this
      """;

  private static final String DEFAULT_TARGET = "127.0.0.1:19950";
  private static final int DEFAULT_STREAMS = 4;

  /**
   * @throws IllegalArgumentException naming the argument and what is wrong with it
   */
  static SampleArguments parse(List<String> arguments) {
    List<String> targets = new ArrayList<>();
    int streams = DEFAULT_STREAMS;
    String rules = null;
    String caFile = null;
    String tokenFile = null;
    boolean help = false;
    Iterator<String> rest = arguments.iterator();
    while (rest.hasNext()) {
      String name = rest.next();
      switch (name) {
        case "--target" -> targets.add(target(name, value(name, rest)));
        case "--streams" -> streams = streams(name, value(name, rest));
        case "--rules" -> rules = value(name, rest);
        case "--ca-file" -> caFile = value(name, rest);
        case "--token-file" -> tokenFile = value(name, rest);
        case "--help", "-h" -> help = true;
        default ->
            throw new IllegalArgumentException(
                name
                    + ": unknown, expected --target, --streams, --rules, --ca-file, --token-file or"
                    + " --help");
      }
    }
    return new SampleArguments(
        targets.isEmpty() ? List.of(DEFAULT_TARGET) : List.copyOf(targets),
        streams,
        rules,
        caFile,
        tokenFile,
        help);
  }

  private static String value(String name, Iterator<String> rest) {
    if (!rest.hasNext()) {
      throw new IllegalArgumentException(name + ": expected a value, got none");
    }
    return rest.next();
  }

  private static String target(String name, String value) {
    try {
      Layout.checkTarget(value);
      return value;
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(name + ": expected HOST:PORT, got " + value, e);
    }
  }

  private static int streams(String name, String value) {
    if (!value.matches("[1-9][0-9]{0,4}") || Integer.parseInt(value) > Layout.MAX_STREAMS) {
      throw new IllegalArgumentException(
          "%s: expected a number from 1 to %d, got %s".formatted(name, Layout.MAX_STREAMS, value));
    }
    return Integer.parseInt(value);
  }
}
