package org.osprey.coordinator.contract;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.osprey.coordinator.core.Announcer;
import org.osprey.coordinator.core.Announcer.Endpoint;

/** What every announcer promises. */
public interface AnnouncerContract {
  Duration PATIENCE = Duration.ofSeconds(40);

  List<Endpoint> ENDPOINTS =
      List.of(new Endpoint("contract", 19950), new Endpoint("contract_sync_action", 19951));

  /** A registry with nothing of these services in it. Made anew for each test. */
  Rig rig() throws Exception;

  /** An announcer, and a look at what clients see. */
  interface Rig extends AutoCloseable {

    /** The announcer under test; the test withdraws it. */
    Announcer announcer();

    /** The instances of a service as clients see them: the port, and whether it drains. */
    Map<Integer, Boolean> lookUp(String service) throws Exception;

    @Override
    void close() throws IOException;
  }

  @Test
  default void clientsSeeEveryEndpointUntilItIsWithdrawn() throws Exception {
    try (Rig rig = rig()) {
      Announcer announcer = rig.announcer();
      announcer.announce(ENDPOINTS);
      awaitSeen(rig, "contract", Map.of(19950, false));
      awaitSeen(rig, "contract_sync_action", Map.of(19951, false));
      await().atMost(PATIENCE).until(() -> announcer.check().healthy());
      assertNotEquals("", announcer.check().component());
      announcer.withdraw();
      awaitSeen(rig, "contract", Map.of());
      awaitSeen(rig, "contract_sync_action", Map.of());
    }
  }

  @Test
  default void clientsSeeThatItDrains() throws Exception {
    try (Rig rig = rig()) {
      Announcer announcer = rig.announcer();
      announcer.announce(ENDPOINTS);
      awaitSeen(rig, "contract", Map.of(19950, false));
      announcer.markDraining();
      announcer.markDraining();
      awaitSeen(rig, "contract", Map.of(19950, true));
      awaitSeen(rig, "contract_sync_action", Map.of(19951, true));
      announcer.withdraw();
      announcer.withdraw();
      awaitSeen(rig, "contract", Map.of());
    }
  }

  @Test
  default void whatWasNeverAnnouncedIsWithdrawnWithoutHarm() throws Exception {
    try (Rig rig = rig()) {
      rig.announcer().markDraining();
      rig.announcer().withdraw();
      assertTrue(rig.lookUp("contract").isEmpty());
    }
  }

  private static void awaitSeen(Rig rig, String service, Map<Integer, Boolean> instances) {
    await().atMost(PATIENCE).until(() -> rig.lookUp(service).equals(instances));
  }
}
