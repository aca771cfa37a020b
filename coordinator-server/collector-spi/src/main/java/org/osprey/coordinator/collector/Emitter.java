package org.osprey.coordinator.collector;

/**
 * Takes the events of one collector, from any of its threads. What is emitted by one thread keeps
 * its order.
 */
public interface Emitter {

  /**
   * Takes an event. When there is no room it waits or drops one, as {@code when_full} says.
   *
   * @throws InterruptedException while it waited; the event was not taken
   * @throws ClosedException when this collector was closed or given up: it should end its threads
   */
  default void emit(Event event) throws InterruptedException {
    emit(event, () -> {});
  }

  /**
   * Likewise.
   *
   * @param settled run once, by any thread, when nothing more happens to the event: it was
   *     published or stored durably, dropped, or sampled out; never when it is lost because the
   *     coordinator stops. It must not block. For those who keep a position in what they read
   */
  void emit(Event event, Runnable settled) throws InterruptedException;

  /** The collector has no say any more. */
  final class ClosedException extends IllegalStateException {
    private static final long serialVersionUID = 1;

    public ClosedException(String collector) {
      super("collector is closed: " + collector);
    }
  }
}
