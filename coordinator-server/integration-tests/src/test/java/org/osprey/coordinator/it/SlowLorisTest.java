package org.osprey.coordinator.it;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import com.google.common.util.concurrent.ListenableFuture;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.osprey.coordinator.core.Count;
import org.osprey.coordinator.proto.sync_action.v1.ProcessActionResponse;
import org.osprey.coordinator.rpc.RawHttp2;

/**
 * Row R30 of the fault table: clients that never come to the point. {@code
 * -Dfault.connections=2000} has more of each.
 */
class SlowLorisTest {
  private static final int ATTACKERS = Integer.getInteger("fault.connections", 100);
  private static final long BETWEEN_BYTES = TimeUnit.MILLISECONDS.toNanos(200);
  private static final long PATIENCE_MILLIS = TimeUnit.MINUTES.toMillis(1);
  private static final int STREAM = 1;
  private static final int LARGE = 1 << 14;
  private static final byte[] PREFACE = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(US_ASCII);
  private static final byte[] NO_WINDOW = RawHttp2.setting(RawHttp2.INITIAL_WINDOW, 0);

  /** What such a client begins with, before it goes on byte by byte, or not at all. */
  enum Loris {
    SAYS_NOTHING(false),
    PREFACE_NEVER_ENDED(true),
    FRAME_NEVER_ENDED(true),
    HEADERS_NEVER_ENDED(false);

    private final boolean goesOn;

    Loris(boolean goesOn) {
      this.goesOn = goesOn;
    }

    void begin(RawHttp2 client, String path) throws IOException {
      switch (this) {
        case SAYS_NOTHING, PREFACE_NEVER_ENDED -> {
          // Not even that.
        }
        case FRAME_NEVER_ENDED ->
            client.begin().frameHeader(LARGE, RawHttp2.DATA, RawHttp2.NONE, STREAM).flush();
        case HEADERS_NEVER_ENDED ->
            client
                .begin()
                .frame(RawHttp2.HEADERS, RawHttp2.NONE, STREAM, RawHttp2.callHeaders(path))
                .flush();
      }
    }
  }

  /**
   * All at once, because gRPC asks no connection whether it lives before ten seconds have passed.
   */
  @Test
  void theirTimeRunsOut() throws IOException {
    List<Group> groups = new ArrayList<>();
    try (CoordinatorTester tester = impatient();
        Neighbour neighbour = neighbour(tester)) {
      for (GrpcPort port : GrpcPort.values()) {
        for (Loris loris : Loris.values()) {
          groups.add(Group.attack(tester, port, loris));
        }
      }
      groups.forEach(Group::awaitCut);
      int calls = neighbour.calls();
      await().until(() -> neighbour.calls() > calls);
      neighbour.check();
      System.out.printf(
          "R30 connections=%d accepted=%d completed=%d slowest_ms=%d%n",
          groups.size() * ATTACKERS,
          neighbour.calls(),
          neighbour.calls(),
          neighbour.slowest().toMillis());
    } finally {
      for (Group group : groups) {
        group.close();
      }
    }
  }

  @Test
  void aWorkerThatReceivesNothingLosesItsAction() throws Exception {
    try (CoordinatorTester tester =
            new CoordinatorTester.Setup().lease(Duration.ofSeconds(3)).start();
        RawHttp2 deaf = GrpcPort.WORKER.connect(tester)) {
      deaf.answeringPings().begin(NO_WINDOW).call(STREAM, GrpcPort.WORKER.path());
      deaf.frame(RawHttp2.DATA, RawHttp2.NONE, STREAM, introduction()).flush();
      await().until(() -> tester.coordinator().dispatcher().stats().waiting() == 1);
      ListenableFuture<ProcessActionResponse> answer =
          tester.caller().withDeadline(Duration.ofMinutes(1)).begin(Caller.request(7).build());
      await().until(() -> tester.count(Count.LEASED) == 1);
      tester.worker().ackingAll();
      assertEquals(7, answer.get(1, TimeUnit.MINUTES).getVerdicts().getActionId());
      assertEquals(1, tester.count(Count.LEASES_EXPIRED));
      System.out.println("R30 attack=deaf_worker accepted=1 completed=1 expired=1");
    }
  }

  @Test
  void aCallerThatReceivesNothingHarmsNobody() throws IOException {
    try (CoordinatorTester tester = CoordinatorTester.start()) {
      tester.worker().ackingAll();
      callWithoutListening(tester);
      await().until(() -> GrpcPort.SYNC.connections(tester) == 1);
    }
  }

  private static void callWithoutListening(CoordinatorTester tester) throws IOException {
    int calls = 900;
    try (RawHttp2 deaf = GrpcPort.SYNC.connect(tester)) {
      deaf.answeringPings().begin(NO_WINDOW);
      for (int i = 0; i < calls; i++) {
        deaf.call(2 * i + 1, GrpcPort.SYNC.path());
        deaf.frame(RawHttp2.DATA, RawHttp2.END_STREAM, 2 * i + 1, request(i)).flush();
      }
      await().until(() -> tester.count(Count.SYNC_ACKED) == calls);
      Caller other = tester.caller();
      assertEquals(7, other.call(Caller.request(7).build()).getVerdicts().getActionId());
      assertFalse(deaf.isCut());
      System.out.printf("R30 attack=deaf_caller accepted=%d completed=%d%n", calls, calls);
    }
  }

  /** Those that do the same. */
  private record Group(GrpcPort port, Loris loris, long began, List<RawHttp2> clients) {

    static Group attack(CoordinatorTester tester, GrpcPort port, Loris loris) throws IOException {
      Group group = new Group(port, loris, System.nanoTime(), new ArrayList<>());
      for (int i = 0; i < ATTACKERS; i++) {
        RawHttp2 client = port.connect(tester);
        group.clients.add(client);
        loris.begin(client, port.path());
        if (loris.goesOn) {
          Thread.ofVirtual().start(() -> goOn(client));
        }
      }
      return group;
    }

    void awaitCut() {
      long last = began;
      for (RawHttp2 client : clients) {
        long cut = client.awaitCut(PATIENCE_MILLIS);
        assertNotEquals(-1, cut, () -> "not cut: " + loris + " at " + port);
        last = Math.max(last, cut);
      }
      System.out.printf(
          "R30 attack=%s port=%s connections=%d last_cut_ms=%d%n",
          loris, port, clients.size(), TimeUnit.NANOSECONDS.toMillis(last - began));
    }

    void close() throws IOException {
      for (RawHttp2 client : clients) {
        client.close();
      }
    }
  }

  /** A byte now and then; the preface, where that is what the server waits for. */
  private static void goOn(RawHttp2 client) {
    try {
      for (int i = 0; !client.isCut(); i = Math.min(i + 1, PREFACE.length - 2)) {
        client.raw(PREFACE[i]).flush();
        LockSupport.parkNanos(BETWEEN_BYTES);
      }
    } catch (IOException e) {
      // Cut.
    }
  }

  private static CoordinatorTester impatient() {
    GrpcPort.silenceWarnings();
    CoordinatorTester tester =
        new CoordinatorTester.Setup().limits(Limits.times(Duration.ofSeconds(3))).start();
    tester.worker().ackingAll();
    return tester;
  }

  private static Neighbour neighbour(CoordinatorTester tester) {
    Neighbour neighbour = Neighbour.of(tester);
    await().until(() -> neighbour.calls() > 0);
    return neighbour;
  }

  private static byte[] request(int id) {
    byte[] message = Caller.request(id + 1).build().toByteArray();
    return RawHttp2.message(0, message.length, message);
  }

  private static byte[] introduction() {
    byte[] message = RawWorker.introduction().toByteArray();
    return RawHttp2.message(0, message.length, message);
  }
}
