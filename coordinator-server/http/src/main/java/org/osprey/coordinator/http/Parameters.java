package org.osprey.coordinator.http;

import io.javalin.http.Context;
import io.javalin.http.HttpStatus;
import java.time.Duration;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads what requests say beside their bodies. */
public final class Parameters {
  private static final Pattern DURATION = Pattern.compile("([0-9]{1,9})(ms|s|m|h)");
  private static final int DEFAULT_LIMIT = 100;
  private static final int MAX_LIMIT = 1000;

  private Parameters() {}

  /** The query parameter {@code limit}. */
  public static int limit(Context context) {
    String text = context.queryParam("limit");
    if (text == null) {
      return DEFAULT_LIMIT;
    }
    int limit = text.matches("[0-9]{1,4}") ? Integer.parseInt(text) : 0;
    if (limit < 1 || limit > MAX_LIMIT) {
      throw ProblemException.badRequest(
          "limit: want a whole number from 1 to %d, got %s".formatted(MAX_LIMIT, shown(text)));
    }
    return limit;
  }

  /**
   * @param name of the field, for the problem
   * @return {@code otherwise} when {@code text} is null
   */
  static Duration duration(String name, @Nullable String text, Duration otherwise) {
    if (text == null) {
      return otherwise;
    }
    Matcher matcher = DURATION.matcher(text);
    if (!matcher.matches()) {
      throw ProblemException.badRequest(
          "%s: want a duration such as 500ms or 10s, got %s".formatted(name, shown(text)));
    }
    long number = Long.parseLong(matcher.group(1));
    return switch (matcher.group(2)) {
      case "ms" -> Duration.ofMillis(number);
      case "s" -> Duration.ofSeconds(number);
      case "m" -> Duration.ofMinutes(number);
      default -> Duration.ofHours(number);
    };
  }

  /** The body, which must say that it is JSON. */
  public static byte[] jsonBody(Context context) {
    if (!"application/json".equals(mediaType(context))) {
      throw new ProblemException(
          HttpStatus.UNSUPPORTED_MEDIA_TYPE,
          "Content-Type: want application/json, got " + shown(mediaType(context)));
    }
    return context.bodyAsBytes();
  }

  /** The content type without its parameters; empty when there is none. */
  static String mediaType(Context context) {
    String type = context.contentType();
    return type == null ? "" : type.replaceFirst(";.*", "").strip().toLowerCase(Locale.ROOT);
  }

  /** Anyone may send anything, so what is shown of it stays short and on one line. */
  public static String shown(String text) {
    String start = text.substring(0, Math.min(text.length(), 60));
    return "'" + start.replaceAll("[^\\x20-\\x7e]", "?") + "'";
  }
}
