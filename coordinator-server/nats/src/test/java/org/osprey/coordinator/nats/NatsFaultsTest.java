package org.osprey.coordinator.nats;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.nats.client.api.AckPolicy;
import io.nats.client.api.ConsumerConfiguration;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.osprey.coordinator.core.InMemoryDeadLetters;
import org.osprey.coordinator.core.SupervisedLoop;
import org.osprey.coordinator.core.Ticker;
import org.osprey.coordinator.nats.NatsSourceSettings.Limits;

/**
 * Row R22: what becomes of messages when NATS fails. Under load nothing that the server accepted is
 * lost, and work goes on within ten seconds of the fault's end. Each test prints what it saw.
 *
 * <p>System property {@code fault.seconds}: how long a fault lasts (3; the row wants 60).
 *
 * <p>nats-server 2.9 has no {@code sync_interval}: it writes to the page cache at once, which a
 * killed process leaves behind, and to the disk only now and then. So these tests say nothing about
 * a machine that loses power.
 */
class NatsFaultsTest {
  private static final Duration FAULT = Duration.ofSeconds(Integer.getInteger("fault.seconds", 3));
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final Duration RECOVERY = Duration.ofSeconds(10);
  private static final Duration ACK_WAIT = Duration.ofSeconds(2);
  private static final String STREAM = "actions";

  /** What the workers do in a few seconds, however long the fault lasts. */
  private static final int LARGEST_BACKLOG = 20_000;

  private final NatsServer server = NatsServer.start();
  private final TcpProxy proxy = new TcpProxy(server.port());
  private final TestNats nats = new TestNats(server.url());
  private final FaultWorkers workers = new FaultWorkers();
  private final Connected connected = Connected.to(proxy.url());
  private final AtomicLong accepted = new AtomicLong();
  private final AtomicBoolean producing = new AtomicBoolean(true);
  private final SupervisedLoop producer =
      new SupervisedLoop("producer", Ticker.system(), PATIENCE, this::produce);

  @BeforeEach
  void createStream() {
    nats.createStream(STREAM);
  }

  @AfterEach
  void close() throws Exception {
    producer.close();
    workers.close();
    connected.close();
    proxy.close();
    nats.close();
    server.close();
  }

  @Test
  void theServerIsKilledAndStartsAgain() throws Exception {
    run(
        "kill -9",
        () -> {
          server.kill();
          rest(FAULT);
          server.restart();
        });
  }

  @Test
  void theServerIsFrozen() throws Exception {
    run(
        "frozen",
        () -> {
          server.freeze();
          rest(FAULT);
          server.thaw();
        });
  }

  @Test
  void theNetworkIsPartitioned() throws Exception {
    run(
        "partition",
        () -> {
          proxy.cut();
          rest(FAULT.plus(ACK_WAIT));
          proxy.heal();
        });
  }

  @Test
  void theConsumerIsDeleted() throws Exception {
    run("consumer deleted", () -> nats.deleteConsumer(STREAM, durable()));
  }

  @Test
  void theConsumerIsMadeAnewBySomebodyElse() throws Exception {
    run(
        "consumer remade",
        () -> {
          nats.deleteConsumer(STREAM, durable());
          try {
            nats.createConsumer(STREAM, consumer().build());
          } catch (IllegalStateException e) {
            // The source was faster.
          }
        });
  }

  @Test
  void maxAckPendingIsReached() throws Exception {
    nats.createConsumer(STREAM, consumer().maxAckPending(50).build());
    run("max_ack_pending 50", () -> rest(Duration.ofSeconds(1)));
  }

  /** Something that goes wrong, and ends. */
  @FunctionalInterface
  private interface Fault {
    void happen() throws Exception;
  }

  private void run(String name, Fault fault) throws Exception {
    InMemoryDeadLetters letters = new InMemoryDeadLetters();
    Limits limits = new Limits(500, 64L << 20, 100, Duration.ofMillis(100));
    NatsSourceSettings settings =
        NatsSourceSettings.builder(STREAM).ackWait(ACK_WAIT).limits(limits).build();
    try (NatsSource source = connected.source(settings, letters)) {
      source.start(workers.dispatcher());
      producer.start();
      await().atMost(PATIENCE).until(() -> workers.completed() > 200);
      fault.happen();
      long healed = System.nanoTime();
      int before = workers.completed();
      await().atMost(PATIENCE).until(() -> workers.completed() > before + 100);
      Duration recovered = Duration.ofNanos(System.nanoTime() - healed);
      producing.set(false);
      await().atMost(PATIENCE).until(() -> workers.completed() >= accepted.get());
      await()
          .atMost(PATIENCE)
          .until(() -> nats.consumer(STREAM, durable()).getNumAckPending() == 0);

      print(name, recovered);
      assertTrue(recovered.compareTo(RECOVERY) <= 0, recovered::toString);
      assertEquals(0, letters.kept().size());
      await().atMost(PATIENCE).until(() -> source.check().healthy());
      assertEquals(0, source.stats().inFlight());
    }
    assertEquals(accepted.get(), workers.idsUpTo(accepted.get()), "lost");
  }

  private void print(String name, Duration recovered) {
    System.out.printf(
        Locale.ROOT,
        "R22 fault=\"%s\" fault_seconds=%d accepted=%d completed=%d duplicates=%d"
            + " longest_gap_ms=%d recovered_ms=%d%n",
        name,
        FAULT.toSeconds(),
        accepted.get(),
        workers.completed(),
        workers.duplicates(),
        workers.longestGap().toMillis(),
        recovered.toMillis());
  }

  /** Publishes the next id until the server has it, and has it once. */
  private void produce() throws InterruptedException {
    if (producing.get() && accepted.get() - workers.completed() < LARGEST_BACKLOG) {
      long id = accepted.get() + 1;
      try {
        nats.publish(
            STREAM + ".in",
            TestNats.envelope(id).getBytes(UTF_8),
            Map.of("Nats-Msg-Id", Long.toString(id)));
        accepted.set(id);
      } catch (IllegalStateException e) {
        rest(Duration.ofMillis(50));
      }
    } else {
      rest(Duration.ofMillis(50));
    }
  }

  private static ConsumerConfiguration.Builder consumer() {
    return ConsumerConfiguration.builder()
        .durable(durable())
        .ackPolicy(AckPolicy.Explicit)
        .ackWait(ACK_WAIT);
  }

  private static String durable() {
    return NatsSourceSettings.DEFAULT_DURABLE;
  }

  private static void rest(Duration time) throws InterruptedException {
    Thread.sleep(time);
  }
}
