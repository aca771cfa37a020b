package org.osprey.coordinator.collector;

/**
 * How a collector is.
 *
 * @param detail one line for people: what is wrong, or what it does
 */
public record Health(boolean healthy, String detail) {

  public static Health ok(String detail) {
    return new Health(true, detail);
  }

  public static Health failed(String detail) {
    return new Health(false, detail);
  }
}
