package org.osprey.coordinator.ctl.text;

import org.osprey.coordinator.ctl.text.Style.Tone;

/**
 * One field of a table. Whatever would move the cursor is taken out: the text comes from whoever
 * talks to the coordinator.
 */
public record Cell(String text, Tone tone) {
  private static final String UNSEEN = "[\\p{Cntrl}\\p{Cf}\\u2028\\u2029]";

  public Cell {
    text = clean(text);
  }

  public static Cell of(String text) {
    return new Cell(text, Tone.NORMAL);
  }

  public static Cell of(String text, Tone tone) {
    return new Cell(text, tone);
  }

  /** The text on one line, with nothing in it that a terminal obeys. */
  public static String clean(String text) {
    return text.replaceAll(UNSEEN, "?");
  }

  int width() {
    return text.codePointCount(0, text.length());
  }

  /** At most {@code width} characters, with … for what is left out. */
  String cut(int width) {
    if (width() <= width) {
      return text;
    }
    return text.substring(0, text.offsetByCodePoints(0, width - 1)) + "…";
  }
}
