package org.osprey.coordinator.testdata;

/**
 * The port of a coordinator for synchronous calls.
 *
 * @param target as host:port
 */
record SyncPort(String target) implements Destination.Settings {

  static SyncPort read(Variables variables) {
    return new SyncPort(variables.address("TEST_DATA_TARGET", "127.0.0.1:19951"));
  }

  @Override
  public String words() {
    return "coordinator " + target;
  }

  @Override
  public Destination open(Tally tally) {
    return new SyncActions(this, tally);
  }
}
