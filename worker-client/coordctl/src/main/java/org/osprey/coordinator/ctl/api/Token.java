package org.osprey.coordinator.ctl.api;

import org.osprey.coordinator.ctl.console.Failure;

/** What a caller proves with who it is. Its text does not show it. */
final class Token {
  private final String text;

  private Token(String text) {
    this.text = text;
  }

  /**
   * @throws Failure when the file holds something else
   */
  static Token read(NamedFile file) {
    String text = file.text().strip();
    if (!text.matches("[!-~]+")) {
      throw Failure.usage(
          "%s: want one token of printable ASCII in %s, got %s"
              .formatted(file.option(), file.path(), text.isEmpty() ? "none" : "something else"));
    }
    return new Token(text);
  }

  String authorization() {
    return "Bearer " + text;
  }

  @Override
  public String toString() {
    return "Token[hidden]";
  }
}
