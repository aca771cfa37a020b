package org.osprey.coordinator.it;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.file.StandardOpenOption.APPEND;
import static java.nio.file.StandardOpenOption.CREATE;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.osprey.coordinator.worker.Answer;
import org.osprey.coordinator.worker.StreamWorker;

/**
 * A worker in a process of its own that acks everything, so that it can be killed for good. It
 * writes down each action it gets before it answers.
 */
final class WorkerProcess {
  private static final String ARCHIVE = "workers.jsa";

  private WorkerProcess() {}

  /** Prepares an archive of classes, with which later workers start in a third of the time. */
  static void train(CoordinatorTester tester, Path folder) {
    String flag = "-XX:ArchiveClassesAtExit=" + folder.resolve(ARCHIVE);
    Path diary = folder.resolve("training.ids");
    try (JavaProcess process = start(tester, 1, Duration.ZERO, diary, flag)) {
      awaitConnected(tester, 1);
      process.terminate();
      process.waitFor();
      awaitConnected(tester, 0);
    }
  }

  /**
   * @param diary gets a line with the id of each action; beside it is the archive
   */
  static JavaProcess start(CoordinatorTester tester, int streams, Duration hold, Path diary) {
    String flag = "-XX:SharedArchiveFile=" + diary.resolveSibling(ARCHIVE);
    return start(tester, streams, hold, diary, flag);
  }

  static void awaitConnected(CoordinatorTester tester, int streams) {
    await()
        .atMost(Duration.ofSeconds(60))
        .until(() -> tester.coordinator().dispatcher().stats().connected() == streams);
  }

  private static JavaProcess start(
      CoordinatorTester tester, int streams, Duration hold, Path diary, String flag) {
    return JavaProcess.start(
        WorkerProcess.class,
        List.of(flag, "-Xlog:disable"),
        List.of(
            "127.0.0.1:" + tester.workerPort(),
            Integer.toString(streams),
            Long.toString(hold.toMillis()),
            diary.toString()),
        Map.of(),
        diary.resolveSibling("workers.log"));
  }

  /** Arguments: target, streams, milliseconds to hold each action, diary. */
  public static void main(String[] arguments) throws IOException {
    long hold = Long.parseLong(arguments[2]);
    FileChannel diary = FileChannel.open(Path.of(arguments[3]), CREATE, APPEND);
    StreamWorker worker =
        StreamWorker.builder()
            .target(arguments[0])
            .streams(Integer.parseInt(arguments[1]))
            .actionTimeout(Duration.ofMinutes(10))
            .handler(
                action -> {
                  String id = Long.toUnsignedString(action.id());
                  diary.write(ByteBuffer.wrap((id + "\n").getBytes(US_ASCII)));
                  Thread.sleep(hold);
                  return Answer.verdicts("verdict_for_" + id);
                })
            .build();
    worker.start();
    Runtime.getRuntime().addShutdownHook(new Thread(worker::close));
  }
}
