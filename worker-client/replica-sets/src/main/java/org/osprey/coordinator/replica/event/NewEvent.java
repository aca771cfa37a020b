package org.osprey.coordinator.replica.event;

/**
 * An event to append. The arrays are handed over, not copied.
 *
 * @param type what happened, in the words of the domain; never empty
 * @param data the event itself, in any form
 * @param metadata what is known about it, such as who caused it; may be empty
 */
@SuppressWarnings("ArrayRecordComponent") // copies would double the work of an append
public record NewEvent(String type, byte[] data, byte[] metadata) {
  private static final byte[] NONE = {};

  public NewEvent {
    if (type.isEmpty()) {
      throw new IllegalArgumentException("type must not be empty");
    }
  }

  /** An event without metadata. */
  public static NewEvent of(String type, byte[] data) {
    return new NewEvent(type, data, NONE);
  }
}
