package org.osprey.coordinator.streams.nats;

import org.junit.jupiter.api.AfterAll;
import org.osprey.coordinator.nats.NatsServer;
import org.osprey.coordinator.streams.TransportContract;
import org.osprey.coordinator.streams.TransportRig;

/** One server, on which one test after the other is alone. */
class NatsTransportContractTest implements TransportContract {
  private static final NatsServer SERVER = NatsServer.start();

  @AfterAll
  static void stop() {
    SERVER.close();
  }

  @Override
  public TransportRig rig() {
    return new NatsRig(SERVER.url());
  }
}
