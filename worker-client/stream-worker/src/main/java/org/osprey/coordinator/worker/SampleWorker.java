package org.osprey.coordinator.worker;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.osprey.coordinator.worker.rules.Fields;
import org.osprey.coordinator.worker.rules.RuleMistakes;
import org.osprey.coordinator.worker.rules.Rules;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A worker to look at a coordinator with: answers by the rules of a text file. */
public final class SampleWorker {
  static final String BUILT_IN = "sample-rules.txt";
  private static final int BAD_ARGUMENTS = 2;
  private static final String LOGBACK_CHOICE = "logback.configurationFile";

  private SampleWorker() {}

  public static void main(String[] arguments) {
    // Before the first logger is made; whoever chose a file on the command line keeps it.
    if (System.getProperty(LOGBACK_CHOICE) == null) {
      System.setProperty(LOGBACK_CHOICE, "sample-worker-logback.xml");
    }
    int code = run(List.of(arguments), System.out, System.err);
    if (code != 0) {
      System.exit(code);
    }
  }

  /** Returns the exit code, and a running worker behind it unless help was asked for. */
  static int run(List<String> arguments, PrintStream out, PrintStream err) {
    try {
      SampleArguments parsed = SampleArguments.parse(arguments);
      if (parsed.help()) {
        out.print(SampleArguments.USAGE);
      } else {
        launch(parsed, rules(parsed.rules()));
      }
      return 0;
    } catch (IllegalArgumentException | RuleMistakes e) {
      err.println(e.getMessage());
      return BAD_ARGUMENTS;
    }
  }

  static Rules rules(@Nullable String file) throws RuleMistakes {
    try {
      return file == null
          ? Rules.parse(BUILT_IN, builtIn())
          : Rules.parse(file, Files.readAllLines(Path.of(file)));
    } catch (NoSuchFileException e) {
      throw new IllegalArgumentException("--rules: there is no file " + file, e);
    } catch (IOException e) {
      throw new IllegalArgumentException(
          "--rules: cannot read %s (%s)".formatted(file, e.getClass().getSimpleName()), e);
    }
  }

  static ActionHandler handler(Rules rules) {
    return action -> Answer.verdicts(rules.verdicts(action.name(), fields(action.payload())));
  }

  private static Fields fields(ReceivedAction.Payload payload) {
    return switch (payload) {
      case ReceivedAction.Payload.Json json -> Fields.read(json.bytes().newInput());
      case ReceivedAction.Payload.Proto ignored -> Fields.none();
    };
  }

  private static void launch(SampleArguments arguments, Rules rules) {
    Logger log = LoggerFactory.getLogger(SampleWorker.class);
    StreamWorker worker = worker(arguments, rules);
    Runtime.getRuntime().addShutdownHook(Thread.ofPlatform().unstarted(() -> close(worker, log)));
    worker.start();
    log.info(
        "sample worker: {} to {}, {} from {}",
        count(arguments.streams(), "stream"),
        String.join(", ", arguments.targets()),
        count(rules.size(), "rule"),
        arguments.rules() == null ? BUILT_IN + " (built in)" : arguments.rules());
  }

  private static StreamWorker worker(SampleArguments arguments, Rules rules) {
    StreamWorkerBuilder builder =
        StreamWorker.builder()
            .targets(arguments.targets())
            .streams(arguments.streams())
            .handler(handler(rules));
    if (arguments.caFile() != null) {
      builder.tls(Path.of(arguments.caFile()));
    }
    if (arguments.tokenFile() != null) {
      builder.tokenFile(Path.of(arguments.tokenFile()));
    }
    return builder.build();
  }

  private static void close(StreamWorker worker, Logger log) {
    worker.close();
    WorkerStats stats = worker.stats();
    log.info(
        "sample worker closed: {} ({} acked, {} nacked), {}",
        count(stats.received(), "action"),
        stats.acked(),
        stats.nacked(),
        count(stats.reconnects(), "reconnect"));
  }

  private static String count(long number, String noun) {
    return number + " " + noun + (number == 1 ? "" : "s");
  }

  private static List<String> builtIn() throws IOException {
    InputStream resource =
        Objects.requireNonNull(
            SampleWorker.class.getClassLoader().getResourceAsStream(BUILT_IN), BUILT_IN);
    try (BufferedReader reader =
        new BufferedReader(new InputStreamReader(resource, StandardCharsets.UTF_8))) {
      return reader.lines().toList();
    }
  }
}
