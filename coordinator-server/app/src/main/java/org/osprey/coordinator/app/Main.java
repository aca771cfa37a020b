package org.osprey.coordinator.app;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.osprey.coordinator.core.CountingIds;
import org.osprey.coordinator.core.DispatcherSettings;
import org.osprey.coordinator.core.LogDeadLetters;
import org.osprey.coordinator.rpc.RpcSettings;

/** Starts the coordinator. */
public final class Main {
  private Main() {}

  public static void main(String[] arguments) throws IOException, InterruptedException {
    Coordinator coordinator =
        new Coordinator(
            DispatcherSettings.DEFAULTS,
            new RpcSettings(
                "0.0.0.0",
                19950,
                19951,
                1,
                1000,
                Duration.ofSeconds(60),
                false,
                RpcSettings.Limits.DEFAULTS),
            new CountingIds(),
            new LogDeadLetters(),
            null,
            List.of(),
            Duration.ofSeconds(25));
    coordinator.start();
    Thread.currentThread().join();
  }
}
