package org.osprey.coordinator.etcd;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;
import org.osprey.coordinator.core.Announcer.Endpoint;

class InstanceTest {
  private static final Endpoint ENDPOINT = new Endpoint("osprey_coordinator", 19950);

  @Test
  void theValueIsWhatClientsRead() {
    Instance instance = Instance.of(ENDPOINT, "192.0.2.7", null, false);
    assertEquals("/discovery/osprey_coordinator/instances/192.0.2.7:19950", instance.key());
    assertEquals(
        "{\"name\":\"osprey_coordinator\",\"address\":\"192.0.2.7\",\"port\":19950,"
            + "\"metadata\":{},\"ports\":{\"grpc\":19950},"
            + "\"ip\":null,\"id_override\":null,\"draining\":false}",
        instance.value());
  }

  @Test
  void aPodHasAnIpAndMayDrain() {
    assertEquals(
        "{\"name\":\"osprey_coordinator\",\"address\":\"192.0.2.7\",\"port\":19950,"
            + "\"metadata\":{},\"ports\":{\"grpc\":19950},"
            + "\"ip\":\"192.0.2.7\",\"id_override\":null,\"draining\":true}",
        Instance.of(ENDPOINT, "192.0.2.7", "192.0.2.7", true).value());
  }
}
