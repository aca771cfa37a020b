package org.osprey.coordinator.ctl.text;

import java.util.ArrayList;
import java.util.List;
import org.osprey.coordinator.ctl.text.Style.Tone;

/** Names and values under each other. */
public final class Details {
  private static final int GAP = 2;

  private final List<String> names = new ArrayList<>();
  private final List<Cell> values = new ArrayList<>();

  public Details add(String name, String value) {
    return add(name, Cell.of(value));
  }

  public Details add(String name, Cell value) {
    names.add(name);
    values.add(value);
    return this;
  }

  public List<String> lines(Style style) {
    int width = names.stream().mapToInt(String::length).max().orElse(0) + GAP;
    List<String> lines = new ArrayList<>();
    for (int i = 0; i < names.size(); i++) {
      String name = names.get(i);
      Cell value = values.get(i);
      lines.add(
          style.paint(Tone.FAINT, name)
              + " ".repeat(width - name.length())
              + style.paint(value.tone(), value.text()));
    }
    return lines;
  }
}
