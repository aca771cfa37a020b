package org.osprey.coordinator.testdata;

/** Where actions go. One thread sends and closes; any may interrupt. */
interface Destination extends AutoCloseable {

  /**
   * Sends one action and counts what becomes of it, now or later. Blocks for some seconds at most.
   */
  void send(SampleActions.SampleAction action);

  /** Ends a wait that goes on; what it was for may not arrive. */
  void interrupt();

  /** Waits some seconds for what is out. */
  @Override
  void close();

  /** One that is not open yet. */
  interface Settings {

    /** For people. */
    String words();

    /** Does not wait for the other side. */
    Destination open(Tally tally);
  }
}
