package org.osprey.coordinator.settings;

import java.util.List;

/** The configuration has mistakes; the message holds all of them, one a line. */
public final class ConfigException extends RuntimeException {
  private final transient List<String> mistakes;

  public ConfigException(List<String> mistakes) {
    super(String.join("\n", mistakes));
    this.mistakes = List.copyOf(mistakes);
  }

  /** Each names the setting, what was got and what is wanted. */
  public List<String> mistakes() {
    return mistakes;
  }
}
