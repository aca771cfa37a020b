package org.osprey.coordinator.contract;

import java.util.Map;
import java.util.stream.Collectors;
import org.osprey.coordinator.core.Announcer;
import org.osprey.coordinator.core.Announcer.Endpoint;
import org.osprey.coordinator.core.InMemoryAnnouncer;

class InMemoryAnnouncerTest implements AnnouncerContract {
  @Override
  public Rig rig() {
    InMemoryAnnouncer announcer = new InMemoryAnnouncer();
    return new Rig() {
      @Override
      public Announcer announcer() {
        return announcer;
      }

      @Override
      public Map<Integer, Boolean> lookUp(String service) {
        return announcer.announced().stream()
            .filter(endpoint -> endpoint.service().equals(service))
            .collect(Collectors.toMap(Endpoint::port, endpoint -> announcer.isDraining()));
      }

      @Override
      public void close() {}
    };
  }
}
