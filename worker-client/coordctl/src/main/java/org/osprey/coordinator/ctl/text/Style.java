package org.osprey.coordinator.ctl.text;

/** Whether and how text is coloured. */
public enum Style {
  PLAIN,
  COLOURED;

  private static final String RESET = "\u001b[0m";

  /** What a piece of text is. */
  public enum Tone {
    NORMAL(""),
    TITLE("1"),
    FAINT("2"),
    GOOD("32"),
    UNSURE("33"),
    BAD("31");

    private final String code;

    Tone(String code) {
      this.code = code;
    }
  }

  public String paint(Tone tone, String text) {
    if (this == PLAIN || tone == Tone.NORMAL || text.isBlank()) {
      return text;
    }
    return "\u001b[" + tone.code + "m" + text + RESET;
  }
}
