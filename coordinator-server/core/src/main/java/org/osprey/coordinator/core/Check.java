package org.osprey.coordinator.core;

/**
 * The health of one component.
 *
 * @param detail one line for people: what is wrong, or what it is connected to
 */
public record Check(String component, boolean healthy, String detail) {

  public static Check ok(String component, String detail) {
    return new Check(component, true, detail);
  }

  public static Check failed(String component, String detail) {
    return new Check(component, false, detail);
  }
}
