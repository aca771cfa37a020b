package org.osprey.coordinator.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.osprey.coordinator.database.PostgresServer;

/** {@code coordctl replica-sets} against the routes and a real database. */
@Timeout(120)
class CoordctlReplicaSetsTest {
  private static final List<String> RESET =
      List.of("replica-sets", "reset", "main projections", "users", "--position", "300", "--yes");

  @Test
  void replicaSetsAreListedShownReleasedAndReset() {
    assumeTrue(PostgresServer.isInstalled(), "no PostgreSQL server is installed");
    try (PostgresServer server = PostgresServer.start()) {
      ReplicaSetRows rows = new ReplicaSetRows(server);
      try (CoordinatorTester tester = new CoordinatorTester.Setup().routes(rows.routes()).start()) {
        Coordctl coordctl = new Coordctl(tester);
        assertEquals("no replica sets\n", coordctl.table("replica-sets list"));
        rows.run(ReplicaSetRows.MAIN);
        assertTrue(coordctl.table("replica-sets list").contains("3 running"));
        Coordctl.Run shown = coordctl.run(List.of("replica-sets", "show", "main projections"));
        assertTrue(shown.out().contains("18@beta"), shown::toString);
        Coordctl.Run parked =
            coordctl.run(List.of("replica-sets", "parked", "main projections", "users"));
        assertTrue(parked.out().contains("no such user"), parked::toString);
        assertEquals(
            new Coordctl.Run(0, "released: 2\n", ""),
            coordctl.run(
                List.of("replica-sets", "release", "main projections", "users", "order/1")));
        Coordctl.Run reset = coordctl.run(RESET);
        assertTrue(reset.out().matches("(?s).*\\Rusers +300 +300 +900 +0\\R"), reset::toString);
        assertEquals(1, coordctl.run("replica-sets show none").status());
      }
    }
  }
}
