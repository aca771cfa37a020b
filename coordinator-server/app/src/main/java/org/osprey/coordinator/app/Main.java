package org.osprey.coordinator.app;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.osprey.coordinator.app.config.ConfigLoader;
import org.osprey.coordinator.app.config.LoadedConfig;
import org.osprey.coordinator.collectors.config.CollectorsConfig;
import org.osprey.coordinator.collectors.lifecycle.CollectorOperations;
import org.osprey.coordinator.collectors.lifecycle.CollectorStartException;
import org.osprey.coordinator.settings.ConfigException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.bridge.SLF4JBridgeHandler;

/**
 * Starts a coordinator and stops it on SIGINT or SIGTERM, and on SIGHUP where there are no
 * collectors that read their configuration again then.
 */
public final class Main {
  /** The command line or the configuration is wrong. */
  private static final int BAD_USAGE = 2;

  /** A port or a file could not be opened. */
  private static final int CANNOT_START = 1;

  private static final Logger log = LoggerFactory.getLogger(Main.class);

  private Main() {}

  public static void main(String[] arguments) {
    // gRPC and Google's libraries log through java.util.logging.
    SLF4JBridgeHandler.removeHandlersForRootLogger();
    SLF4JBridgeHandler.install();
    int status = run(List.of(arguments), System.getenv(), System.out, System.err);
    if (status != 0) {
      Logging.close();
      System.exit(status);
    }
  }

  /**
   * Returns when there is nothing to run, or when the thread is interrupted.
   *
   * @return the exit status, 0 when all is well
   */
  static int run(
      List<String> arguments, Map<String, String> environment, PrintStream out, PrintStream err) {
    try {
      Arguments parsed = Arguments.parse(arguments);
      if (parsed.help()) {
        out.print(Arguments.USAGE);
        return 0;
      }
      Path file = parsed.config();
      LoadedConfig config = load(file, environment);
      if (parsed.printConfig()) {
        out.print(config.describe());
        return 0;
      }
      // Everything else runs on daemon threads, so that a failed start ends the process.
      start(config, collectors(config, file, environment), parsed.readyFile()).awaitClosed();
      return 0;
    } catch (ConfigException e) {
      e.mistakes().forEach(mistake -> err.println("coordinator: " + mistake));
      return BAD_USAGE;
    } catch (IllegalArgumentException e) {
      err.println("coordinator: " + e.getMessage());
      return BAD_USAGE;
    } catch (IOException | CollectorStartException e) {
      err.println("coordinator: " + e.getMessage());
      return CANNOT_START;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return 0;
    }
  }

  private static LoadedConfig load(@Nullable Path file, Map<String, String> environment) {
    return file == null ? ConfigLoader.load(environment) : ConfigLoader.load(file, environment);
  }

  /** Null when the file says nothing of collectors. */
  private static @Nullable CollectorSource collectors(
      LoadedConfig config, @Nullable Path file, Map<String, String> environment) {
    CollectorsConfig initial = config.collectors();
    return initial == null || file == null
        ? null
        : new CollectorSource(
            initial, () -> ConfigLoader.reload(file, environment, initial.kinds()));
  }

  private static Coordinator start(
      LoadedConfig config, @Nullable CollectorSource collectors, @Nullable Path readyFile)
      throws IOException {
    Logging.apply(config.config().logging());
    if (collectors != null) {
      Logging.apply(collectors.initial().logLevel());
    }
    StartReport.of(config).lines().forEach(line -> log.info("{}", line));
    config.warnings().forEach(warning -> log.warn("{}", warning));
    SecurityParts.warnings(config.config()).forEach(warning -> log.warn("{}", warning));
    Coordinator coordinator = Composition.compose(config.config(), collectors);
    // First, because the ports serve while it still warms up.
    Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(coordinator), "shutdown"));
    StopStatus.applyIfAsked();
    if (!coordinator.start()) {
      return coordinator;
    }
    log.info(
        "ready: worker_port={} sync_port={} http_port={}",
        coordinator.workerPort(),
        coordinator.syncPort(),
        coordinator.httpPort());
    CollectorOperations operations = coordinator.collectors();
    boolean reloads = operations != null && HangUp.reloads(operations);
    if (readyFile != null) {
      announce(coordinator, readyFile, reloads);
    }
    return coordinator;
  }

  private static void stop(Coordinator coordinator) {
    coordinator.close();
    Logging.close();
  }

  /** In one move, so that nobody reads half of it. */
  private static void announce(Coordinator coordinator, Path readyFile, boolean reloads)
      throws IOException {
    String ports =
        "worker_port=%d%nsync_port=%d%nhttp_port=%d%n"
            .formatted(coordinator.workerPort(), coordinator.syncPort(), coordinator.httpPort());
    if (reloads) {
      ports += "hang_up=reload%n".formatted();
    }
    Path draft = Path.of(readyFile + ".draft");
    try {
      Files.writeString(draft, ports);
      Files.move(draft, readyFile, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      throw new IOException("--ready-file %s: can't be written: %s".formatted(readyFile, e), e);
    }
  }
}
