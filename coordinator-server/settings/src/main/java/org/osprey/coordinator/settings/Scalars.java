package org.osprey.coordinator.settings;

import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/** Single values between text and the type of their component. */
public final class Scalars {

  private Scalars() {}

  /**
   * @throws IllegalArgumentException whose message says what is wanted
   */
  public static Object read(Class<?> type, String text) {
    if (type == String.class) {
      return text;
    }
    if (type == int.class || type == Integer.class) {
      return wholeNumber(text);
    }
    if (type == long.class || type == Long.class) {
      return longNumber(text);
    }
    if (type == double.class || type == Double.class) {
      return number(text);
    }
    if (type == boolean.class || type == Boolean.class) {
      return truth(text);
    }
    if (type == Duration.class) {
      return Durations.parse(text);
    }
    if (type == ByteSize.class) {
      return ByteSize.parse(text);
    }
    if (type.isEnum()) {
      return constant(type, text);
    }
    throw new IllegalStateException("no setting can be of type " + type);
  }

  /** What {@link #read} reads back. */
  public static String write(Object value) {
    if (value instanceof Duration duration) {
      return Durations.format(duration);
    }
    return value instanceof Enum<?> constant ? word(constant) : value.toString();
  }

  private static int wholeNumber(String text) {
    try {
      return Integer.parseInt(text);
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException("a whole number, at most " + Integer.MAX_VALUE, e);
    }
  }

  private static long longNumber(String text) {
    try {
      return Long.parseLong(text);
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException("a whole number, at most " + Long.MAX_VALUE, e);
    }
  }

  private static double number(String text) {
    try {
      double number = Double.parseDouble(text);
      if (Double.isFinite(number)) {
        return number;
      }
      throw new IllegalArgumentException("a number");
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException("a number", e);
    }
  }

  /** Also as other programs write it into the environment. */
  private static boolean truth(String text) {
    return switch (text.toLowerCase(Locale.ROOT)) {
      case "true", "1" -> true;
      case "false", "0" -> false;
      default -> throw new IllegalArgumentException("true or false");
    };
  }

  private static Object constant(Class<?> type, String text) {
    Object[] constants = type.getEnumConstants();
    return Arrays.stream(constants)
        .filter(constant -> write(constant).equals(text))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("one of " + words(constants)));
  }

  private static String words(Object[] constants) {
    return Arrays.stream(constants).map(Scalars::write).collect(Collectors.joining(", "));
  }

  private static String word(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
