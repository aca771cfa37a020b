package org.osprey.coordinator.ctl.text;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.osprey.coordinator.ctl.text.Style.Tone;

/** Aligned columns under a line of titles. */
public final class Table {
  private static final int GAP = 2;
  private static final int NARROWEST = 4;

  private final List<Column> columns;
  private final List<List<Cell>> rows = new ArrayList<>();

  /** A title, and the side that the cells keep to. */
  public record Column(String title, boolean right) {
    public static Column left(String title) {
      return new Column(title, false);
    }

    public static Column right(String title) {
      return new Column(title, true);
    }
  }

  public Table(Column... columns) {
    this.columns = List.of(columns);
  }

  public Table row(Cell... cells) {
    if (cells.length != columns.size()) {
      throw new IllegalArgumentException(
          "want %d cells, got %d".formatted(columns.size(), cells.length));
    }
    rows.add(List.of(cells));
    return this;
  }

  public Table row(String... cells) {
    return row(Stream.of(cells).map(Cell::of).toArray(Cell[]::new));
  }

  public int size() {
    return rows.size();
  }

  /**
   * The table as text; the widest columns give way when it would be too wide.
   *
   * @param width in characters, or 0 for no limit
   */
  public List<String> lines(int width, Style style) {
    int[] widths = widths(width);
    List<String> lines = new ArrayList<>();
    lines.add(line(titles(), widths, style));
    rows.forEach(row -> lines.add(line(row, widths, style)));
    return lines;
  }

  private List<Cell> titles() {
    return columns.stream().map(column -> Cell.of(column.title(), Tone.TITLE)).toList();
  }

  private int[] widths(int limit) {
    int[] widths = new int[columns.size()];
    for (int i = 0; i < widths.length; i++) {
      int column = i;
      widths[i] =
          Stream.concat(Stream.of(titles()), rows.stream())
              .mapToInt(row -> row.get(column).width())
              .max()
              .orElse(0);
    }
    if (limit > 0) {
      narrow(widths, limit - GAP * (widths.length - 1));
    }
    return widths;
  }

  private static void narrow(int[] widths, int room) {
    while (Arrays.stream(widths).sum() > room) {
      int widest = 0;
      for (int i = 1; i < widths.length; i++) {
        widest = widths[i] > widths[widest] ? i : widest;
      }
      if (widths[widest] <= NARROWEST) {
        return;
      }
      widths[widest]--;
    }
  }

  private String line(List<Cell> cells, int[] widths, Style style) {
    StringBuilder line = new StringBuilder();
    for (int i = 0; i < widths.length; i++) {
      Cell cell = Cell.of(cells.get(i).cut(widths[i]), cells.get(i).tone());
      String padding = " ".repeat(widths[i] - cell.width());
      String painted = style.paint(cell.tone(), cell.text());
      boolean last = i == widths.length - 1;
      if (columns.get(i).right()) {
        line.append(padding).append(painted);
      } else {
        line.append(painted).append(last ? "" : padding);
      }
      line.append(last ? "" : " ".repeat(GAP));
    }
    return line.toString().stripTrailing();
  }
}
