package org.osprey.coordinator.security;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PortSecurityTest {
  @ParameterizedTest
  @ValueSource(strings = {"127.0.0.1", "localhost", "::1"})
  void nobodyElseReachesLoopback(String address) {
    assertEquals(List.of(), new PortSecurity("sync", address, false, false).warnings());
  }

  @ParameterizedTest
  @ValueSource(strings = {"0.0.0.0", "::", "192.0.2.1"})
  void anOpenPortIsWarnedOf(String address) {
    List<String> warnings = new PortSecurity("sync", address, false, false).warnings();
    assertEquals(2, warnings.size());
    assertTrue(warnings.getFirst().contains("tls.sync"), warnings::toString);
    assertTrue(warnings.getLast().contains("access.identities"), warnings::toString);
  }

  @Test
  void aPortThatIsGuardedIsNot() {
    assertEquals(List.of(), new PortSecurity("sync", "0.0.0.0", true, true).warnings());
    assertEquals(1, new PortSecurity("sync", "0.0.0.0", true, false).warnings().size());
    assertEquals(1, new PortSecurity("sync", "0.0.0.0", false, true).warnings().size());
  }
}
