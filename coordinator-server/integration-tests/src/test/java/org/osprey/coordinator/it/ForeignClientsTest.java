package org.osprey.coordinator.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/**
 * Row R40 of the fault table: Python workers and callers, on an old and on the newest gRPC, against
 * a coordinator as it comes. {@code -Dforeign.calls=10000 -Dforeign.runs=5} gives it its full
 * length; ../python/README.md says what is checked.
 */
class ForeignClientsTest {
  private static final int CALLS = Integer.getInteger("foreign.calls", 2_000);
  private static final int RUNS = Integer.getInteger("foreign.runs", 1);

  /** Includes making the Python environments when nobody has yet. */
  private static final int MINUTES = 15;

  private record End(int status, String lastLine) {}

  @Test
  void pythonClientsNeedNoChange() throws Exception {
    try (CoordinatorTester tester = CoordinatorTester.start()) {
      End end = runClients(tester);
      System.out.println("R40 " + end.lastLine());
      assertEquals(0, end.status(), end::lastLine);
      assertTrue(end.lastLine().matches("foreign-clients: .* failed=0"), end::lastLine);
    }
  }

  private static End runClients(CoordinatorTester tester) throws Exception {
    Process process =
        new ProcessBuilder(
                "src/test/python/run.sh",
                option("worker-port", tester.coordinator().workerPort()),
                option("sync-port", tester.coordinator().syncPort()),
                option("calls", CALLS),
                option("runs", RUNS),
                "--grpcio=all")
            .redirectErrorStream(true)
            .start();
    // The clients end their own processes on SIGTERM, so they need not be killed one by one.
    Thread lastResort = new Thread(process::destroy);
    Runtime.getRuntime().addShutdownHook(lastResort);
    CompletableFuture.delayedExecutor(MINUTES, TimeUnit.MINUTES).execute(process::destroy);
    String lastLine = printed(process);
    int status = process.waitFor();
    Runtime.getRuntime().removeShutdownHook(lastResort);
    return new End(status, lastLine);
  }

  private static String option(String name, int value) {
    return "--%s=%d".formatted(name, value);
  }

  /**
   * @return the last line
   */
  private static String printed(Process process) throws IOException {
    String last = "the clients printed nothing";
    try (BufferedReader lines = process.inputReader()) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        System.out.println(line);
        last = line;
      }
    }
    return last;
  }
}
