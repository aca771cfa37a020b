package org.osprey.coordinator.tasks.samples;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Revenue, rebates and specialty on three ports of the loopback interface. They take their time,
 * fail as often as they are told, and do what came with one Idempotency-Key once.
 */
public final class SampleServices implements AutoCloseable {
  private static final List<String> NAMES = List.of("revenue", "rebates", "specialty");

  private final List<SampleService> services = new ArrayList<>();

  /**
   * @param port of the first one, the others have the next two; 0 takes free ones
   * @throws IOException naming the port that cannot be opened; the others are closed again then
   */
  public SampleServices(int port, SampleService.Behaviour behaviour) throws IOException {
    try {
      for (int i = 0; i < NAMES.size(); i++) {
        int own = port == 0 ? 0 : port + i;
        services.add(new SampleService(NAMES.get(i), own, behaviour, ThreadLocalRandom::current));
      }
    } catch (IOException e) {
      close();
      throw e;
    }
  }

  /** In the order of their ports. */
  public List<SampleService> list() {
    return List.copyOf(services);
  }

  @Override
  public void close() {
    services.forEach(SampleService::close);
  }
}
