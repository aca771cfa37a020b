package org.osprey.coordinator.tasks.samples;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** Runs the sample services until it is ended. */
public final class Main {
  private static final String USAGE =
      """
      usage: java ... org.osprey.coordinator.tasks.samples.Main [NAME=VALUE...]

        port=8001   of revenue; rebates and specialty take the next two; 0 takes free ones
        delay=1000  milliseconds a call takes
        fail=0      share of the calls that answer 500, from 0 to 1
        stall=0     share of the calls whose answer comes at one byte a second, from 0 to 1
        ready=FILE  file to write the URLs to, as shell variables, once they serve
      """;

  private static final Map<String, String> USUAL =
      Map.of("port", "8001", "delay", "1000", "fail", "0", "stall", "0", "ready", "");
  private static final int MAX_PORT = 65_533;
  private static final int BAD_USAGE = 2;
  private static final int CANNOT_START = 1;

  private final Map<String, String> settings = new HashMap<>(USUAL);

  private Main(List<String> arguments) {
    for (String argument : arguments) {
      String[] parts = argument.split("=", 2);
      if (parts.length < 2 || settings.replace(parts[0], parts[1]) == null) {
        throw new IllegalArgumentException("want NAME=VALUE, got " + argument);
      }
    }
  }

  public static void main(String[] arguments) throws InterruptedException {
    int status = run(List.of(arguments), System.out, System.err);
    if (status != 0) {
      System.exit(status);
    }
    Thread.currentThread().join();
  }

  /**
   * Starts them.
   *
   * @return 0, or the exit status when they cannot be started
   */
  static int run(List<String> arguments, PrintStream out, PrintStream err) {
    try {
      Main main = new Main(arguments);
      SampleServices services = new SampleServices(main.port(), main.behaviour());
      services
          .list()
          .forEach(service -> out.printf("sample service %s: %s%n", service.name(), service.url()));
      main.announce(services);
      return 0;
    } catch (IllegalArgumentException e) {
      err.println("sample services: " + e.getMessage());
      err.print(USAGE);
      return BAD_USAGE;
    } catch (IOException e) {
      err.println("sample services: " + e.getMessage());
      return CANNOT_START;
    }
  }

  private SampleService.Behaviour behaviour() {
    return new SampleService.Behaviour(
        Duration.ofMillis((long) number("delay", Integer.MAX_VALUE)),
        number("fail", 1),
        number("stall", 1));
  }

  private int port() {
    return (int) number("port", MAX_PORT);
  }

  private String text(String name) {
    return settings.getOrDefault(name, "");
  }

  private double number(String name, double most) {
    String text = text(name);
    if (text.matches("[0-9]{1,10}(\\.[0-9]{1,10})?") && Double.parseDouble(text) <= most) {
      return Double.parseDouble(text);
    }
    throw new IllegalArgumentException(
        "%s: want a number from 0 to %s, got '%s'".formatted(name, (long) most, text));
  }

  /** In one move, so that nobody reads half of it. */
  private void announce(SampleServices services) throws IOException {
    String file = text("ready");
    if (file.isEmpty()) {
      return;
    }
    String urls =
        services.list().stream()
            .map(
                service ->
                    "%s_SERVICE_URL=%s%n"
                        .formatted(service.name().toUpperCase(Locale.ROOT), service.url()))
            .collect(Collectors.joining());
    Path draft = Path.of(file + ".draft");
    Files.writeString(draft, urls);
    Files.move(draft, Path.of(file), StandardCopyOption.REPLACE_EXISTING);
  }
}
