package org.osprey.coordinator.kafka;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The place of a letter in its topic, which is what people and the dashboard know it by. */
record LetterId(int partition, long offset) {
  private static final Pattern FORM = Pattern.compile("(\\d{1,9})-(\\d{1,18})");

  /** Null when the text is no such id, so that there is no letter of that name. */
  static @Nullable LetterId parse(String text) {
    Matcher found = FORM.matcher(text);
    return found.matches()
        ? new LetterId(Integer.parseInt(found.group(1)), Long.parseLong(found.group(2)))
        : null;
  }

  @Override
  public String toString() {
    return partition + "-" + offset;
  }
}
