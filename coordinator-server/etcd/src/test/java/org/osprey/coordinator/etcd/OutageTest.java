package org.osprey.coordinator.etcd;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;

/** Alone, because it reads what every test of this JVM logs. */
@Isolated
class OutageTest {
  private final LoggedLines logged = new LoggedLines();
  private final Outage outage = new Outage();

  @AfterEach
  void stopListening() {
    logged.close();
  }

  @Test
  void twoStoresWithTheSameTroubleAreOneOutage() {
    outage.report("v3", null);
    outage.report("v3", "no answer");
    outage.report("v2", "no answer");
    outage.report("v3", "no answer");
    outage.report("v3", null);
    outage.report("v2", "no answer");
    outage.report("v2", null);
    outage.report("v3", null);
    assertEquals(
        List.of(
            "cannot announce in etcd, will go on trying: trouble=\"no answer\"",
            "announced in etcd, trouble is over: was=\"no answer\""),
        logged.lines());
  }

  @Test
  void anotherTroubleIsAnotherLine() {
    outage.report("v3", "no answer");
    outage.report("v3", "wrong password");
    outage.report("v3", null);
    assertEquals(
        List.of(
            "cannot announce in etcd, will go on trying: trouble=\"no answer\"",
            "cannot announce in etcd, will go on trying: trouble=\"wrong password\"",
            "announced in etcd, trouble is over: was=\"wrong password\""),
        logged.lines());
  }
}
