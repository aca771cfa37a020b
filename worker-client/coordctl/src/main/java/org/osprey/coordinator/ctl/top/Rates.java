package org.osprey.coordinator.ctl.top;

import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;
import org.osprey.coordinator.ctl.api.Field;
import tools.jackson.databind.JsonNode;

/** How many actions are done in a second, from one picture to the next. */
final class Rates {
  private static final String BARS = "▁▂▃▄▅▆▇█";
  private static final int REMEMBERED = 30;
  private static final double MILLIS_PER_SECOND = 1e3;

  private final Deque<Double> past = new ArrayDeque<>();
  private @Nullable Instant before;
  private long doneBefore;

  void add(JsonNode picture) {
    Instant now = time(picture);
    JsonNode counts = picture.path("queue").path("counts");
    long done = Field.number(counts, "sync_acked") + Field.number(counts, "async_acked");
    if (now != null && before != null && now.isAfter(before) && done >= doneBefore) {
      double seconds = Duration.between(before, now).toMillis() / MILLIS_PER_SECOND;
      past.addLast(seconds == 0 ? 0 : (done - doneBefore) / seconds);
      if (past.size() > REMEMBERED) {
        past.removeFirst();
      }
    }
    before = now;
    doneBefore = done;
  }

  /** Between the last two pictures. */
  double perSecond() {
    return past.isEmpty() ? 0 : past.getLast();
  }

  /** One bar for each time, the newest last, the largest full. */
  String sparkline() {
    double most = past.stream().mapToDouble(Double::doubleValue).max().orElse(0);
    StringBuilder bars = new StringBuilder();
    for (double rate : past) {
      int height = most == 0 ? 0 : (int) Math.round(rate / most * (BARS.length() - 1));
      bars.append(BARS.charAt(height));
    }
    return bars.toString();
  }

  private static @Nullable Instant time(JsonNode picture) {
    try {
      return Instant.parse(Field.text(picture, "time"));
    } catch (DateTimeParseException e) {
      return null;
    }
  }
}
