package org.osprey.coordinator.core;

import java.util.EnumMap;
import java.util.Map;

/** A number for each constant of an enum. Not thread-safe. */
@SuppressWarnings("EnumOrdinal") // the ordinals index an array that lives no longer than the class
final class Tally<E extends Enum<E>> {
  private final Class<E> type;
  private final long[] numbers;

  Tally(Class<E> type) {
    this.type = type;
    numbers = new long[type.getEnumConstants().length];
  }

  void increment(E constant) {
    numbers[constant.ordinal()]++;
  }

  void decrement(E constant) {
    numbers[constant.ordinal()]--;
  }

  long get(E constant) {
    return numbers[constant.ordinal()];
  }

  Map<E, Long> toMap() {
    Map<E, Long> map = new EnumMap<>(type);
    for (E constant : type.getEnumConstants()) {
      map.put(constant, get(constant));
    }
    return map;
  }
}
