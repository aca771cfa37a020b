package org.osprey.coordinator.ctl.top;

import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import org.osprey.coordinator.ctl.api.Field;
import org.osprey.coordinator.ctl.console.Terminal.Size;
import org.osprey.coordinator.ctl.text.Cell;
import org.osprey.coordinator.ctl.text.Human;
import org.osprey.coordinator.ctl.text.Style;
import org.osprey.coordinator.ctl.text.Style.Tone;
import org.osprey.coordinator.ctl.text.Table;
import org.osprey.coordinator.ctl.text.Table.Column;
import org.osprey.coordinator.ctl.view.Views;
import tools.jackson.databind.JsonNode;

/** Draws a picture as lines; what matters most comes first, what does not fit is left out. */
final class Frame {
  private static final int MOST_WORKERS = 12;
  private static final int NO_LIMIT = Integer.MAX_VALUE;

  private final URI url;
  private final Style style;
  private final Size size;
  private final List<String> lines = new ArrayList<>();

  /**
   * @param size none for no limits
   */
  Frame(URI url, Style style, Size size) {
    this.url = url;
    this.style = style;
    this.size = size;
  }

  List<String> draw(JsonNode picture, Rates rates) {
    title(picture);
    JsonNode queue = picture.path("queue");
    lines.add(flow(picture, rates));
    lines.add(places(queue));
    lines.add(troubles(queue.path("counts")));
    failing(picture);
    add(Views.lanes(queue), 2);
    List<JsonNode> sources = Field.list(picture, "sources");
    if (!sources.isEmpty()) {
      add(Views.sources(sources), NO_LIMIT);
    }
    add(Views.workers(Field.list(picture, "workers")), MOST_WORKERS);
    add(Views.recent(Field.list(picture, "recent")), NO_LIMIT);
    return size.rows() == 0 ? lines : lines.subList(0, Math.min(lines.size(), size.rows()));
  }

  private void title(JsonNode picture) {
    String status = Field.text(picture, "status");
    String time = Field.text(picture, "time").replaceFirst(".*T([0-9:]{8}).*", "$1");
    Tone tone = status.equals("running") ? Tone.GOOD : Tone.UNSURE;
    Table title = new Table(Column.left(url.toString()), Column.left(time), Column.left(quits()));
    lines.add(
        style.paint(tone, Cell.clean(status))
            + "  "
            + title.lines(width(status), style).getFirst());
  }

  private String quits() {
    return size.rows() == 0 ? "" : "q quits";
  }

  /** What is left of a line that begins with {@code word}. */
  private int width(String word) {
    return size.columns() == 0 ? 0 : Math.max(1, size.columns() - word.length() - 2);
  }

  private String flow(JsonNode picture, Rates rates) {
    StringBuilder flow = new StringBuilder("done ").append(Human.rate(rates.perSecond()));
    flow.append(' ').append(rates.sparkline());
    for (String lane : List.of("sync", "async")) {
      JsonNode latency = picture.path("latency").path(lane);
      if (latency.has("p50")) {
        flow.append("  ").append(lane);
        flow.append(" p50 ").append(Human.seconds(Field.decimal(latency, "p50")));
        flow.append(" p99 ").append(Human.seconds(Field.decimal(latency, "p99")));
      }
    }
    return fitting(flow.toString());
  }

  private String places(JsonNode queue) {
    return fitting(
        "out %s  delayed %s  held %s  settling %s  streams %s, %s free"
            .formatted(
                Human.count(Field.number(queue, "leased")),
                Human.count(Field.number(queue, "delayed")),
                Human.count(Field.number(queue, "held")),
                Human.count(Field.number(queue, "settling")),
                Human.count(Field.number(queue, "connected")),
                Human.count(Field.number(queue, "waiting_streams"))));
  }

  private String troubles(JsonNode counts) {
    long nacked = Field.number(counts, "sync_nacked") + Field.number(counts, "async_nacked");
    long expired = Field.number(counts, "leases_expired");
    long lost = Field.number(counts, "leases_lost");
    long refused =
        Field.number(counts, "sync_refused_full") + Field.number(counts, "async_refused_full");
    long letters =
        Field.number(counts, "dead_lettered_nacked")
            + Field.number(counts, "dead_lettered_workers_lost");
    String line =
        fitting(
            "since the start: nacked %s  expired %s  workers lost %s  refused %s  dead letters %s"
                .formatted(
                    Human.count(nacked),
                    Human.count(expired),
                    Human.count(lost),
                    Human.count(refused),
                    Human.count(letters)));
    boolean none = nacked + expired + lost + refused + letters == 0;
    return style.paint(none ? Tone.FAINT : Tone.UNSURE, line);
  }

  private void failing(JsonNode picture) {
    for (JsonNode check : Field.list(picture, "checks")) {
      if (!Field.yes(check, "healthy")) {
        String line =
            "failing: %s: %s"
                .formatted(Field.text(check, "component"), Field.text(check, "detail"));
        lines.add(style.paint(Tone.BAD, fitting(Cell.clean(line))));
      }
    }
  }

  private void add(Table table, int most) {
    lines.add("");
    List<String> all = table.lines(size.columns(), style);
    lines.addAll(all.subList(0, (int) Math.min(all.size(), most + 1L)));
  }

  private String fitting(String line) {
    return size.columns() == 0 || line.length() <= size.columns()
        ? line
        : line.substring(0, size.columns() - 1) + "…";
  }
}
