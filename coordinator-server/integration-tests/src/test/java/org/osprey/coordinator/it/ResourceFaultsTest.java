package org.osprey.coordinator.it;

import static io.grpc.Status.Code.OK;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.google.common.util.concurrent.Futures;
import com.google.common.util.concurrent.ListenableFuture;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.netty.NettyChannelBuilder;
import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.osprey.coordinator.proto.sync_action.v1.ProcessActionResponse;
import org.osprey.coordinator.worker.Answer;
import org.osprey.coordinator.worker.StreamWorker;

/**
 * Row R37 of the fault table: no more disk, files or memory for a coordinator, and nobody who reads
 * its log. Limits are those of the process, so that it needs no rights and harms nobody else.
 */
@Timeout(600)
class ResourceFaultsTest {
  private static final Duration PATIENCE = Duration.ofMinutes(2);
  private static final Path PRLIMIT = Path.of("/usr/bin/prlimit");

  /** What is received is in direct memory first; were that little too, connections would break. */
  private static final List<String> LITTLE_MEMORY =
      List.of("-Xmx96m", "-XX:MaxDirectMemorySize=1g", "-XX:+ExitOnOutOfMemoryError");

  /** Of 512 bytes, or of 1,024 in some shells, in one file. */
  private static final int DISK_BLOCKS = 4_096;

  /** How a call may end that there is no memory for. */
  private static final Set<Status.Code> TOLD =
      Set.of(OK, Status.Code.RESOURCE_EXHAUSTED, Status.Code.UNAVAILABLE);

  @TempDir private Path folder;

  private final List<ManagedChannel> channels = new ArrayList<>();
  private final Set<Long> handled = ConcurrentHashMap.newKeySet();

  @AfterEach
  void disconnect() {
    channels.forEach(ManagedChannel::shutdownNow);
  }

  @Test
  void r37TheDiskIsFull() throws Exception {
    assumeTrue(Files.isExecutable(PRLIMIT), "no prlimit");
    try (CoordinatorProcess coordinator = launch("", "ulimit -S -f " + DISK_BLOCKS);
        Submitter submitter = new Submitter(coordinator::httpPort).start(4)) {
      await().atMost(PATIENCE).until(() -> largestFile() >= DISK_BLOCKS * 512L);
      awaitStalled(submitter);
      int full = submitter.accepted().size();
      assertTrue(coordinator.isAlive(), coordinator::log);
      giveDisk(coordinator);
      await().atMost(PATIENCE).until(() -> submitter.accepted().size() > full + 100);
      submitter.stop();
      try (StreamWorker worker = worker(coordinator.target())) {
        await().atMost(PATIENCE).until(() -> handled.containsAll(submitter.accepted()));
        assertEquals(0, worker.stats().nacked());
      }
      System.out.printf(
          "R37 fault=disk_full accepted_until_full=%d accepted=%d completed=%d lost=0 exits=0%n",
          full, submitter.accepted().size(), handled.size());
    }
  }

  @Test
  void r37ThereAreNoMoreFiles() throws IOException {
    int flood = 600;
    List<Socket> sockets = new ArrayList<>();
    try (CoordinatorProcess coordinator = launch("", "ulimit -n 400")) {
      RawWorker.connect(channel(coordinator.workerPort())).ackingAll();
      Caller caller = new Caller(channel(coordinator.syncPort())).withDeadline(PATIENCE);
      call(caller, 1, 50);
      for (int i = 0; i < flood; i++) {
        sockets.add(new Socket(InetAddress.getLoopbackAddress(), coordinator.workerPort()));
      }
      // Who is there already is served on.
      call(caller, 51, 50);
      assertTrue(coordinator.isAlive(), coordinator::log);
      for (Socket socket : sockets) {
        socket.close();
      }
      Caller late = new Caller(channel(coordinator.syncPort())).withDeadline(PATIENCE);
      call(late, 101, 50);
      RawWorker.connect(channel(coordinator.workerPort())).ackingAll();
      await().atMost(PATIENCE).until(() -> scrape(coordinator).value("connected_streams") == 2);
      System.out.printf("R37 fault=no_files connections=%d calls=150 lost=0 exits=0%n", flood);
    } finally {
      for (Socket socket : sockets) {
        socket.close();
      }
    }
  }

  /** What does not fit is refused, before it is whole and after. */
  @Test
  void r37ThereIsLittleMemory() throws Exception {
    int calls = 400;
    String room = "queue: {sync: {bytes: 16MiB}, async: {bytes: 16MiB}}";
    try (CoordinatorProcess coordinator = setup(room).flags(LITTLE_MEMORY).start()) {
      String big = "{\"x\":\"" + "x".repeat(1 << 20) + "\"}";
      List<ListenableFuture<ProcessActionResponse>> answers = new ArrayList<>();
      for (int i = 0; i < 4; i++) {
        Caller caller = new Caller(channel(coordinator.syncPort())).withDeadline(PATIENCE);
        for (long id = 1; id <= calls / 4; id++) {
          answers.add(caller.begin(Caller.request(id).setActionDataJson(big).build()));
        }
      }
      await().atMost(PATIENCE).until(() -> open(answers) <= 16);
      assertTrue(coordinator.isAlive(), coordinator::log);
      RawWorker.connect(channel(coordinator.workerPort())).ackingAll();
      Map<Status.Code, Integer> ends = ends(answers);
      System.out.printf(
          "R37 fault=little_memory heap_mib=96 sent_mib=%d ends=%s exits=0%n", calls, ends);
      assertTrue(TOLD.containsAll(ends.keySet()), ends::toString);
      call(new Caller(channel(coordinator.syncPort())).withDeadline(PATIENCE), 1, 50);
      assertFalse(coordinator.log().contains("OutOfMemoryError"), coordinator::log);
    }
  }

  @Test
  void r37NobodyReadsTheLog() {
    // Its own way of logging, and not that of these tests.
    List<String> flags = List.of("-Dlogback.configurationFile=logback.xml");
    try (CoordinatorProcess coordinator =
        setup("logging: {level: debug}").flags(flags).unread().start()) {
      RawWorker nacking = RawWorker.connect(channel(coordinator.workerPort()));
      nacking.handling(nacking::nack);
      try (Submitter submitter = new Submitter(coordinator::httpPort).start(4)) {
        // Each is worth a line, and a pipe holds 64 KiB.
        await().atMost(PATIENCE).until(() -> submitter.accepted().size() > 3_000);
        submitter.stop();
        System.out.printf(
            "R37 fault=log_unread accepted=%d exits=0%n", submitter.accepted().size());
      }
      await()
          .atMost(PATIENCE)
          .until(() -> scrape(coordinator).value("redeliveries_total", "reason", "nacked") > 3_000);
      coordinator.terminate();
      coordinator.waitFor();
    }
  }

  /** Nothing was accepted for a while. */
  private static void awaitStalled(Submitter submitter) {
    int[] last = {0};
    await()
        .atMost(PATIENCE)
        .pollInterval(Duration.ofSeconds(2))
        .until(
            () -> {
              int accepted = submitter.accepted().size();
              boolean stalled = accepted > 0 && accepted == last[0];
              last[0] = accepted;
              return stalled;
            });
  }

  private long largestFile() throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.map(Path::toFile).mapToLong(File::length).max().orElse(0);
    }
  }

  /** As much of it as there is. */
  static void giveDisk(CoordinatorProcess coordinator) throws Exception {
    int status =
        new ProcessBuilder(
                PRLIMIT.toString(), "--pid", Long.toString(coordinator.pid()), "--fsize=unlimited:")
            .inheritIO()
            .start()
            .waitFor();
    assertEquals(0, status);
  }

  private static void call(Caller caller, long first, int count) {
    for (long id = first; id < first + count; id++) {
      assertEquals(
          List.of("verdict_for_" + id),
          caller.call(Caller.request(id).build()).getVerdicts().getVerdictsList());
    }
  }

  private static long open(List<ListenableFuture<ProcessActionResponse>> answers) {
    return answers.stream().filter(answer -> !answer.isDone()).count();
  }

  private static Map<Status.Code, Integer> ends(
      List<ListenableFuture<ProcessActionResponse>> answers) {
    Map<Status.Code, Integer> ends = new EnumMap<>(Status.Code.class);
    for (ListenableFuture<ProcessActionResponse> answer : answers) {
      ends.merge(end(answer), 1, Integer::sum);
    }
    return ends;
  }

  private static Status.Code end(ListenableFuture<ProcessActionResponse> answer) {
    try {
      Futures.getUnchecked(answer);
      return OK;
    } catch (RuntimeException e) {
      return Status.fromThrowable(e).getCode();
    }
  }

  private ManagedChannel channel(int port) {
    ManagedChannel channel =
        NettyChannelBuilder.forAddress("127.0.0.1", port).usePlaintext().build();
    channels.add(channel);
    return channel;
  }

  private StreamWorker worker(String target) {
    StreamWorker worker =
        StreamWorker.builder()
            .target(target)
            .streams(16)
            .handler(
                action -> {
                  handled.add(Long.parseUnsignedLong(action.idText()));
                  return Answer.verdicts("seen");
                })
            .build();
    worker.start();
    return worker;
  }

  private static Scrape scrape(CoordinatorProcess coordinator) {
    return Scrape.of("http://127.0.0.1:" + coordinator.httpPort());
  }

  private CoordinatorProcess launch(String settings, String limits) {
    return setup(settings).limits(limits).start();
  }

  private CoordinatorProcess.Setup setup(String settings) {
    String config =
        """
        rpc: {bindAddress: 127.0.0.1, maxReceiving: 16MiB}
        http: {bindAddress: 127.0.0.1}
        database: {file: "%s"}
        startup: {warmUp: 0s}
        shutdown: {drain: 2s}
        %s
        """
            .formatted(folder.resolve("coordinator.db"), settings);
    return new CoordinatorProcess.Setup(folder, config);
  }
}
