package org.osprey.coordinator.it;

import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.osprey.coordinator.worker.Answer;
import org.osprey.coordinator.worker.StreamWorker;

/** A worker in a process of its own that acks everything, so that it can be killed for good. */
final class WorkerProcess {
  private WorkerProcess() {}

  /** Prepares an archive of classes, with which later workers start in a third of the time. */
  static void train(CoordinatorTester tester, Path folder) {
    String flag = "-XX:ArchiveClassesAtExit=" + archive(folder);
    try (JavaProcess process = start(tester, 1, Duration.ZERO, folder, flag)) {
      awaitConnected(tester, 1);
      process.terminate();
      process.waitFor();
      awaitConnected(tester, 0);
    }
  }

  static JavaProcess start(CoordinatorTester tester, int streams, Duration hold, Path folder) {
    return start(tester, streams, hold, folder, "-XX:SharedArchiveFile=" + archive(folder));
  }

  static void awaitConnected(CoordinatorTester tester, int streams) {
    await()
        .atMost(Duration.ofSeconds(60))
        .until(() -> tester.coordinator().dispatcher().stats().connected() == streams);
  }

  private static JavaProcess start(
      CoordinatorTester tester, int streams, Duration hold, Path folder, String flag) {
    return JavaProcess.start(
        WorkerProcess.class,
        List.of(flag, "-Xlog:disable"),
        List.of(
            "127.0.0.1:" + tester.workerPort(),
            Integer.toString(streams),
            Long.toString(hold.toMillis())),
        Map.of(),
        folder.resolve("workers.log"));
  }

  private static Path archive(Path folder) {
    return folder.resolve("workers.jsa");
  }

  /** Arguments: target, streams, milliseconds to hold each action. */
  public static void main(String[] arguments) {
    long hold = Long.parseLong(arguments[2]);
    StreamWorker worker =
        StreamWorker.builder()
            .target(arguments[0])
            .streams(Integer.parseInt(arguments[1]))
            .actionTimeout(Duration.ofMinutes(10))
            .handler(
                action -> {
                  Thread.sleep(hold);
                  return Answer.verdicts("verdict_for_" + Long.toUnsignedString(action.id()));
                })
            .build();
    worker.start();
    Runtime.getRuntime().addShutdownHook(new Thread(worker::close));
  }
}
