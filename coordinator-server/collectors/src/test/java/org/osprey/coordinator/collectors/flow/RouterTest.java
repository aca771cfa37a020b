package org.osprey.coordinator.collectors.flow;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.osprey.coordinator.collector.Severity;
import org.osprey.coordinator.collectors.flow.Route.Kind;

final class RouterTest {
  private static Router router(String collector, Route... routes) {
    return new Router(collector, List.of(routes), "all.{collector}.{type}.{severity}");
  }

  @Test
  void theFirstRouteThatFitsDecides() {
    Router router =
        router(
            "dns",
            new Route("file", null, Severity.DEBUG, Kind.SUBJECT, "files", 1),
            new Route(null, "dns.*", Severity.ERROR, Kind.ACTION, "page", 0.5),
            new Route("dns", null, Severity.INFO, Kind.SUBJECT, "dns.{severity}", 1));
    assertEquals(new Target(Kind.ACTION, "page", 0.5), router.target("dns.down", Severity.ERROR));
    assertEquals(
        new Target(Kind.ACTION, "page", 0.5), router.target("dns.down", Severity.CRITICAL));
    assertEquals(
        new Target(Kind.SUBJECT, "dns.warning", 1), router.target("dns.down", Severity.WARNING));
    assertEquals(new Target(Kind.SUBJECT, "dns.error", 1), router.target("x", Severity.ERROR));
    assertEquals(
        new Target(Kind.SUBJECT, "all.dns.x.debug", 1), router.target("x", Severity.DEBUG));
  }

  @Test
  void whatASubjectMayNotHoldIsReplaced() {
    assertEquals(
        "all.my_dns_1._.a_b__._._.info",
        router("my dns.1").target(".a b*>..", Severity.INFO).destination());
  }

  @Test
  void beyondTheTypesItRemembersTheAnswersAreTheSame() {
    Router router = router("dns");
    for (int i = 0; i < 3_000; i++) {
      assertEquals("all.dns.t" + i + ".info", router.target("t" + i, Severity.INFO).destination());
    }
  }
}
