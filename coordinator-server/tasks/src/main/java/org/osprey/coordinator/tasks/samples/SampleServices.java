package org.osprey.coordinator.tasks.samples;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Revenue, rebates and specialty on three ports of the loopback interface. They take their time,
 * fail as often as they are told, and do what came with one Idempotency-Key once.
 */
public final class SampleServices implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(SampleServices.class);

  private static final String USAGE =
      """
      usage: SampleServices [NAME=VALUE...]

        port=8001   port of revenue; rebates and specialty take the next two; 0 takes free ones
        delay=1000  milliseconds a call takes
        fail=0      share of calls that answer 500, 0 to 1
        stall=0     share of calls whose answer never ends, 0 to 1
      """;

  private final Map<String, SampleService> services = new LinkedHashMap<>();

  /**
   * @param port of the first one; 0 takes free ones
   * @throws IOException when a port cannot be opened
   */
  public SampleServices(int port, SampleService.Behaviour behaviour) throws IOException {
    int next = port;
    for (String name : List.of("revenue", "rebates", "specialty")) {
      services.put(name, new SampleService(name, next, behaviour, ThreadLocalRandom::current));
      next += port == 0 ? 0 : 1;
    }
  }

  public static void main(String[] arguments) throws IOException, InterruptedException {
    Map<String, String> settings =
        new LinkedHashMap<>(Map.of("port", "8001", "delay", "1000", "fail", "0", "stall", "0"));
    for (String argument : arguments) {
      String[] parts = argument.split("=", 2);
      if (parts.length < 2 || settings.replace(parts[0], parts[1]) == null) {
        System.err.print(USAGE);
        System.exit(2);
      }
    }
    start(settings);
    Thread.currentThread().join();
  }

  private static void start(Map<String, String> settings) throws IOException {
    try {
      SampleService.Behaviour behaviour =
          new SampleService.Behaviour(
              Duration.ofMillis(Long.parseLong(settings.getOrDefault("delay", ""))),
              Double.parseDouble(settings.getOrDefault("fail", "")),
              Double.parseDouble(settings.getOrDefault("stall", "")));
      SampleServices started =
          new SampleServices(Integer.parseInt(settings.getOrDefault("port", "")), behaviour);
      started.services.forEach(
          (name, service) -> log.info("sample service: name={} url={}", name, service.url()));
    } catch (NumberFormatException e) {
      System.err.print(USAGE);
      System.exit(2);
    }
  }

  /** In the order of their ports. */
  public List<SampleService> list() {
    return new ArrayList<>(services.values());
  }

  @Override
  public void close() {
    services.values().forEach(SampleService::close);
  }
}
