package org.osprey.coordinator.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.osprey.coordinator.collectors.gateway.CollectorRoutes;
import org.osprey.coordinator.collectors.gateway.FakeCollectors;
import org.osprey.coordinator.collectors.lifecycle.CollectorView.Phase;
import org.osprey.coordinator.settings.ConfigException;

/** {@code coordctl collectors} against the routes: its tables, JSON and exit status. */
@Timeout(120)
class CoordctlCollectorsTest {
  private final FakeCollectors collectors = new FakeCollectors();
  private CoordinatorTester tester;
  private Coordctl coordctl;

  @BeforeEach
  void start() {
    tester = new CoordinatorTester.Setup().routes(new CollectorRoutes(collectors)).start();
    coordctl = new Coordctl(tester);
  }

  @AfterEach
  void close() {
    tester.close();
  }

  @Test
  void collectorsAreListedShownAndSteered() {
    assertEquals("no collectors\n", coordctl.table("collectors list"));
    collectors.put("dns", FakeCollectors.lane("dns", 1_000));
    assertTrue(coordctl.table("collectors list").contains("\ndns "));
    assertTrue(coordctl.table("collectors show dns").contains("full newest 30, unconfirmed 7"));
    assertEquals(
        900, coordctl.json("collectors show dns").path("ledger").path("published").asInt());
    coordctl.table("collectors disable dns");
    assertEquals("disabled", state());
    coordctl.table("collectors enable dns");
    assertEquals("running", state());
    coordctl.table("collectors restart dns");
    assertEquals("starting", state());
  }

  @Test
  void aReloadSaysWhatItDidOrEveryMistake() {
    assertTrue(coordctl.table("collectors reload").startsWith("started"));
    collectors.reloading(
        () -> {
          throw new ConfigException(List.of("a (c.yaml:1): one", "b (c.yaml:2): two"));
        });
    assertEquals(
        new Coordctl.Run(
            1,
            "",
            """
            coordctl: the configuration has 2 mistakes, everything stays as it is (400 Bad Request)
              a (c.yaml:1): one
              b (c.yaml:2): two
            """),
        coordctl.run("collectors reload"));
  }

  @Test
  void whatCannotBeDoneIsRefused() {
    assertEquals(1, coordctl.run("collectors show none").status());
    assertEquals(1, coordctl.run("collectors enable none").status());
    collectors.put("bad", Phase.STUCK, false, "its start hangs", null);
    Coordctl.Run run = coordctl.run("collectors restart bad");
    assertEquals(1, run.status());
    assertTrue(run.err().endsWith("(409 Conflict)\n"), run.err());
  }

  private String state() {
    return coordctl.json("collectors show dns").path("state").asString();
  }
}
