package org.osprey.coordinator.it;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.osprey.coordinator.database.PostgresServer;
import org.osprey.coordinator.nats.NatsServer;

/**
 * Servers and coordinators die, hang and come back while streams run, are steered and are watched.
 * {@code -Dfault.kills=20} gives it its full length.
 */
@Timeout(1800)
class StreamFaultsTest {
  private static final int KILLS = Integer.getInteger("fault.kills", 0);
  private static final int STEERED = 6;
  private static final int UNDISTURBED = 6;
  private static final int COMMANDS_BETWEEN = 40;

  @TempDir private Path folder;

  private static int kills(int usually) {
    return KILLS == 0 ? usually : KILLS;
  }

  @Test
  void aNatsServerThatIsKilledLosesNothing() {
    try (NatsServer nats = NatsServer.start();
        StreamsFixture streams = new StreamsFixture(folder, StreamsFixture.over(nats.url()));
        NatsStreamWatcher plain = new NatsStreamWatcher(nats.url());
        StreamShow show =
            new StreamShow(STEERED, UNDISTURBED, streams::httpPort, List.of(streams::httpPort))) {
      for (String id : show.undisturbed()) {
        show.add(id, plain.follow(id));
      }
      for (int kill = 0; kill < kills(2); kill++) {
        show.awaitAcknowledged(COMMANDS_BETWEEN);
        nats.kill();
        nats.restart();
        long back = System.nanoTime();
        awaitMore(show);
        show.resumed(show.undisturbed(), back);
      }
      show.awaitAcknowledged(COMMANDS_BETWEEN);
      show.finish("streams fault=nats_killed kills=" + kills(2));
    }
  }

  /** Everybody is told more than now. */
  private static void awaitMore(StreamShow show) {
    Map<StreamDiary, Integer> before = new HashMap<>();
    for (String id : show.undisturbed()) {
      show.diaries(id).forEach(diary -> before.put(diary, diary.size()));
    }
    await()
        .atMost(StreamShow.PATIENCE)
        .until(() -> before.entrySet().stream().allMatch(e -> e.getKey().size() > e.getValue()));
  }

  @Test
  void aCoordinatorThatIsKilledLosesNothing() {
    CoordinatorProcess.Setup setup =
        setup("file: \"%s\"".formatted(folder.resolve("streams.db")), "");
    AtomicReference<CoordinatorProcess> process = new AtomicReference<>(setup.start());
    try (StreamShow show =
        new StreamShow(
            STEERED,
            UNDISTURBED,
            () -> process.get().httpPort(),
            List.of(() -> process.get().httpPort()))) {
      for (int kill = 0; kill < kills(3); kill++) {
        show.awaitAcknowledged(
            COMMANDS_BETWEEN + ThreadLocalRandom.current().nextInt(COMMANDS_BETWEEN));
        Map<String, Long> before = show.epochs();
        process.get().kill();
        process.set(setup.start());
        show.awaitResumed(before, System.nanoTime());
      }
      show.awaitAcknowledged(COMMANDS_BETWEEN);
      show.finish("streams fault=coordinator_killed kills=" + kills(3));
    } finally {
      process.get().close();
    }
  }

  @Test
  void ofTwoCoordinatorsOneMayDie() {
    assumeTrue(PostgresServer.isInstalled(), "no PostgreSQL server is installed");
    try (PostgresServer database = PostgresServer.start();
        NatsServer nats = NatsServer.start();
        Pair pair = new Pair(database, nats);
        NatsStreamWatcher plain = new NatsStreamWatcher(nats.url());
        StreamShow show = pair.show()) {
      show.undisturbed().forEach(id -> show.add(id, plain.follow(id)));
      for (int kill = 0; kill < kills(1); kill++) {
        show.awaitAcknowledged(COMMANDS_BETWEEN);
        int victim = pair.awaitEachHasSome(show);
        Map<String, Long> before = pair.ownedBy(victim, show);
        pair.only = 1 - victim;
        long killed = System.nanoTime();
        pair.coordinators.get(victim).kill();
        show.awaitResumed(before, killed);
        show.awaitAcknowledged(COMMANDS_BETWEEN);
        pair.startAgain(victim);
        pair.only = -1;
      }
      show.awaitAcknowledged(COMMANDS_BETWEEN);
      show.finish("streams fault=owner_killed kills=" + kills(1));
      assertEquals(0, contradictions(show));
    }
  }

  @Test
  void aFrozenOwnerSaysNothingMore() {
    assumeTrue(PostgresServer.isInstalled(), "no PostgreSQL server is installed");
    try (PostgresServer database = PostgresServer.start();
        NatsServer nats = NatsServer.start();
        Pair pair = new Pair(database, nats);
        NatsStreamWatcher plain = new NatsStreamWatcher(nats.url());
        StreamShow show = pair.show()) {
      Map<String, StreamDiary> said = new HashMap<>();
      for (String id : show.undisturbed()) {
        said.put(id, plain.follow(id));
      }
      for (int freeze = 0; freeze < kills(1); freeze++) {
        int victim = pair.awaitEachHasSome(show);
        Map<String, Long> before = pair.ownedBy(victim, show);
        pair.only = 1 - victim;
        long frozen = System.nanoTime();
        pair.coordinators.get(victim).freeze();
        await()
            .atMost(StreamShow.PATIENCE)
            .until(
                () ->
                    before.entrySet().stream()
                        .allMatch(e -> diary(said, e.getKey()).isRunningAfter(e.getValue())));
        System.out.printf(
            "streams fault=owner_frozen moved=%d take_over_ms=%d%n",
            before.size(), (System.nanoTime() - frozen) / 1_000_000);
        long awake = System.nanoTime();
        pair.coordinators.get(victim).thaw();
        show.awaitResumed(before, awake);
        awaitMore(show);
        pair.only = -1;
        show.awaitAcknowledged(COMMANDS_BETWEEN);
      }
      long late = said.values().stream().mapToLong(StreamDiary::disorders).sum();
      long twice = said.values().stream().mapToLong(StreamDiary::contradictions).sum();
      System.out.printf(
          "streams fault=owner_frozen old_epoch_on_nats=%d same_number_twice=%d%n", late, twice);
      show.finish("streams fault=owner_frozen freezes=" + kills(1));
      assertEquals(0, twice);
    }
  }

  private static StreamDiary diary(Map<String, StreamDiary> diaries, String id) {
    return diaries.getOrDefault(id, new StreamDiary());
  }

  private static long contradictions(StreamShow show) {
    return show.undisturbed().stream()
        .flatMap(id -> show.diaries(id).stream())
        .mapToLong(StreamDiary::contradictions)
        .sum();
  }

  private CoordinatorProcess.Setup setup(String database, String more) {
    return new CoordinatorProcess.Setup(
        folder,
        """
        rpc: {bindAddress: 127.0.0.1}
        http: {bindAddress: 127.0.0.1}
        database: {%s}
        startup: {warmUp: 0s}
        streams: {enabled: true%s}
        """
            .formatted(database, more));
  }

  /** Two coordinators that share the streams. */
  private final class Pair implements AutoCloseable {
    private final CoordinatorProcess.Setup setup;
    private final List<CoordinatorProcess> coordinators = new ArrayList<>();

    /** The name of one of them, and which one it is. */
    private String known = "";

    private int knownIndex;
    private int probes;

    /** The only one that takes commands now, or -1. */
    private volatile int only = -1;

    Pair(PostgresServer database, NatsServer nats) {
      setup =
          setup("url: \"%s\"".formatted(database.newDatabase()), StreamsFixture.over(nats.url()));
      coordinators.add(setup.start());
      learnSurvivor(0);
      coordinators.add(setup.start());
    }

    /** Has to be alone: then it owns any stream. */
    private void learnSurvivor(int index) {
      String probe = "probe-" + probes++;
      try (StreamCaller caller = new StreamCaller(() -> port(index));
          StreamWatcher watcher = new StreamWatcher(probe, () -> port(index))) {
        caller.create(probe, StreamModel.config(0));
        await().atMost(StreamShow.PATIENCE).until(() -> watcher.diary().size() > 0);
        known = caller.watched(probe).path("instance").asString();
        knownIndex = index;
      }
    }

    StreamShow show() {
      return new StreamShow(
          STEERED, UNDISTURBED, this::anyPort, List.of(() -> watched(0), () -> watched(1)));
    }

    private int anyPort() {
      int chosen = only;
      return port(chosen < 0 ? ThreadLocalRandom.current().nextInt(2) : chosen);
    }

    /** Who watched at one that is gone goes to the other. */
    private int watched(int index) {
      int chosen = only;
      return port(chosen < 0 ? index : chosen);
    }

    private int port(int index) {
      return coordinators.get(index).httpPort();
    }

    /** In the place of one that is dead, and whose streams the other has. */
    void startAgain(int index) {
      learnSurvivor(1 - index);
      coordinators.get(index).close();
      coordinators.set(index, setup.start());
    }

    /**
     * Waits until both have streams of those that nobody steers.
     *
     * @return one of the two
     */
    int awaitEachHasSome(StreamShow show) {
      await()
          .atMost(StreamShow.PATIENCE)
          .until(() -> !ownedBy(0, show).isEmpty() && !ownedBy(1, show).isEmpty());
      return ThreadLocalRandom.current().nextInt(2);
    }

    /** Its streams, with their epochs. */
    Map<String, Long> ownedBy(int index, StreamShow show) {
      Map<String, Long> epochs = show.epochs();
      try (StreamCaller caller = new StreamCaller(() -> port(index))) {
        return epochs.entrySet().stream()
            .filter(e -> isLocal(caller, index, e.getKey()))
            .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
      }
    }

    private boolean isLocal(StreamCaller caller, int index, String id) {
      String owner = caller.watched(id).path("instance").asString();
      return owner.equals(known) == (index == knownIndex);
    }

    @Override
    public void close() {
      coordinators.forEach(CoordinatorProcess::close);
    }
  }
}
