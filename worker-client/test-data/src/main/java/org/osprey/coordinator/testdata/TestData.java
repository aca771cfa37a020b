package org.osprey.coordinator.testdata;

import java.io.PrintStream;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The programs of this module; the first argument says which. */
public final class TestData {
  static final String USAGE =
      """
      usage: test-data kafka | calls | topic | ids | --help

        kafka   writes actions to Kafka's input topic until it is ended
        calls   sends actions to a coordinator's sync port until it is ended
        topic   makes Kafka's input topic if it is missing, and ends
        ids     serves snowflake ids: POST /generate with {"count": N}

      Variables:
        OSPREY_KAFKA_BOOTSTRAP_SERVERS   brokers as host:port (kafka:29092)
        OSPREY_KAFKA_INPUT_STREAM_TOPIC  topic (osprey.actions_input)
        TEST_DATA_PARTITIONS             partitions of a topic that is made (3)
        TEST_DATA_TARGET                 sync port of a coordinator (127.0.0.1:19951)
        TEST_DATA_RATE                   actions per second (5)
        TEST_DATA_REPORT_SECS            seconds between two lines with counts (10)
        PORT, BIND_ADDRESS               where ids are served (8088, 0.0.0.0)
        DATA_CENTER_ID, WORKER_ID        what ids carry, 0 to 31 each (0, 0)
      """;

  private static final int BAD_ARGUMENTS = 2;
  private static final int FAILED = 1;
  private static final String LOGBACK_CHOICE = "logback.configurationFile";

  private TestData() {}

  public static void main(String[] arguments) {
    // Before the first logger is made; whoever chose a file on the command line keeps it.
    if (System.getProperty(LOGBACK_CHOICE) == null) {
      System.setProperty(LOGBACK_CHOICE, "test-data-logback.xml");
    }
    Stop stop = new Stop();
    Thread atEnd = Thread.ofPlatform().name("stop").unstarted(stop::tellAndAwait);
    Runtime.getRuntime().addShutdownHook(atEnd);
    int status;
    try {
      status = run(List.of(arguments), System.getenv(), stop, System.out, System.err);
    } finally {
      stop.ended();
    }
    if (status != 0) {
      System.exit(status);
    }
  }

  /**
   * Returns when the program has ended, which most do only when they are told to.
   *
   * @return the exit status: 2 for a mistake in arguments or variables, 1 for a failure
   */
  static int run(
      List<String> arguments,
      Map<String, String> environment,
      Stop stop,
      PrintStream out,
      PrintStream err) {
    String command = arguments.size() == 1 ? arguments.getFirst() : "";
    Variables variables = new Variables(environment);
    try {
      switch (command) {
        case "kafka" -> stream(variables, KafkaTopic.read(variables), stop);
        case "calls" -> stream(variables, SyncPort.read(variables), stop);
        case "topic" -> makeTopic(variables);
        case "ids" -> IdServer.Settings.read(variables).serve(stop);
        case "--help", "-h" -> out.print(USAGE);
        default -> throw new IllegalArgumentException(expected(arguments));
      }
      return 0;
    } catch (IllegalArgumentException e) {
      err.println(e.getMessage());
      return BAD_ARGUMENTS;
    } catch (ProgramFailedException e) {
      err.println(e.getMessage());
      return FAILED;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return FAILED;
    }
  }

  private static String expected(List<String> arguments) {
    return "expected one of kafka, calls, topic, ids, --help, got "
        + (arguments.isEmpty() ? "nothing" : String.join(" ", arguments));
  }

  private static void makeTopic(Variables variables)
      throws ProgramFailedException, InterruptedException {
    KafkaTopic topic = KafkaTopic.read(variables);
    int partitions = KafkaTopic.partitions(variables);
    variables.check();
    topic.make(partitions);
  }

  private static void stream(Variables variables, Destination.Settings where, Stop stop)
      throws InterruptedException {
    ActionStream.Settings settings = ActionStream.Settings.read(variables);
    variables.check();
    Logger log = LoggerFactory.getLogger(TestData.class);
    Tally tally = new Tally();
    log.info("test data to {}: {} a second", where.words(), settings.rateText());
    try (Destination destination = where.open(tally)) {
      stop.onTold(destination::interrupt);
      new ActionStream(settings, SampleActions.random(), tally, log).run(destination, stop);
    }
    log.info("test data closed: {}", tally.words());
  }
}
