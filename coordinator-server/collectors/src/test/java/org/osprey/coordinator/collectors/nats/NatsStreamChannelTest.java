package org.osprey.coordinator.collectors.nats;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.osprey.coordinator.collectors.nats.PublisherRig.PATIENCE;

import io.nats.client.api.DiscardPolicy;
import io.nats.client.api.StorageType;
import io.nats.client.api.StreamConfiguration;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.osprey.coordinator.collectors.flow.Channel.Loss;
import org.osprey.coordinator.collectors.flow.Channel.Outgoing;
import org.osprey.coordinator.collectors.flow.Encoded;
import org.osprey.coordinator.nats.NatsServer;
import org.osprey.coordinator.nats.TcpProxy;

/** What streams are promised: nothing lost, each collector in order, nothing twice. */
class NatsStreamChannelTest {
  private static final String STREAM = "events";
  private static final String SUBJECT = "events.one";
  private static final String OTHER_SUBJECT = "events.two";
  private static final int MANY = 20_000;
  private static final int KILLS = 4;
  private static final int PART = MANY / KILLS;

  private final NatsServer server = NatsServer.start();
  private final TcpProxy proxy = new TcpProxy(server.port());
  private OtherClient other;

  @BeforeEach
  void connectBeside() throws Exception {
    other = new OtherClient(server.url());
  }

  @AfterEach
  void close() throws Exception {
    other.close();
    proxy.close();
    server.close();
  }

  @Test
  void eventsOfASubjectThatAStreamTakesAreStoredInOrder() throws Exception {
    other.createStream(stream());
    try (PublisherRig rig = new PublisherRig(server.url(), JetStreamMode.AUTO)) {
      TestWorker worker = rig.worker();
      worker.give("a", 0, MANY, SUBJECT);
      awaitPublished(worker, MANY);
      assertEquals(ids("a", MANY), worker.published());
      assertEquals(ids("a", MANY), stored(SUBJECT));
      assertEquals(0, rig.publisher().stats().publishErrors());
      assertEquals(0, rig.publisher().stats().inFlight());
      assertTrue(rig.publisher().check().healthy(), rig.publisher().check()::detail);
    }
  }

  @Test
  void nothingIsLostNorTwiceNorOutOfOrderWhenTheServerIsKilledAgainAndAgain() throws Exception {
    other.createStream(stream());
    try (PublisherRig rig = new PublisherRig(server.url(), JetStreamMode.AUTO)) {
      TestWorker one = rig.worker();
      TestWorker two = rig.worker();
      for (int kill = 0; kill < KILLS; kill++) {
        server.freeze();
        for (int seq = kill * PART; seq < (kill + 1) * PART; seq++) {
          one.give(TestWorker.event("a", seq, SUBJECT));
          one.give(TestWorker.event("b", seq, OTHER_SUBJECT));
          two.give(TestWorker.event("c", seq, "events.three"));
        }
        await().atMost(PATIENCE).until(() -> rig.publisher().stats().inFlight() > 0);
        server.thaw();
        int before = two.settled();
        await().atMost(PATIENCE).until(() -> two.settled() > before);
        server.kill();
        await().atMost(PATIENCE).until(() -> !rig.publisher().stats().connected());
        server.restart();
        // A frozen server lets nobody connect.
        await().atMost(PATIENCE).until(() -> rig.publisher().stats().connected());
      }
      awaitPublished(one, 2 * MANY);
      awaitPublished(two, MANY);
      assertEquals(ids("a", MANY), stored(SUBJECT));
      assertEquals(ids("b", MANY), stored(OTHER_SUBJECT));
      assertEquals(ids("c", MANY), stored("events.three"));
      assertTrue(rig.publisher().stats().reconnects() >= KILLS);
      assertEquals(0, rig.publisher().stats().unconfirmedLost());
    }
  }

  @Test
  void aServerThatVanishesWithoutAWordIsReplacedAndNothingIsLost() throws Exception {
    other.createStream(stream());
    try (PublisherRig rig = new PublisherRig(proxy.url(), JetStreamMode.AUTO)) {
      TestWorker worker = rig.worker();
      worker.give("a", 0, MANY, SUBJECT);
      await().atMost(PATIENCE).until(() -> worker.settled() > 0);
      proxy.cut();
      await().atMost(PATIENCE).until(() -> !rig.publisher().stats().connected());
      proxy.heal();
      awaitPublished(worker, MANY);
      assertEquals(ids("a", MANY), stored(SUBJECT));
    }
  }

  @Test
  void aFullStreamIsWaitedForAndThenGetsTheRestInOrder() throws Exception {
    other.createStream(stream().maxMessages(1000).discardPolicy(DiscardPolicy.New));
    try (PublisherRig rig = new PublisherRig(server.url(), JetStreamMode.AUTO)) {
      TestWorker worker = rig.worker();
      worker.give("a", 0, 1500, SUBJECT);
      rig.awaitTrouble("subject " + SUBJECT + ": the stream says: maximum messages exceeded");
      awaitPublished(worker, 1000);
      assertEquals(ids("a", 1000), worker.published());
      assertTrue(rig.publisher().stats().publishErrors() > 0);
      other.streams().purgeStream(STREAM);
      awaitPublished(worker, 1500);
      assertEquals(ids("a", 1500).subList(1000, 1500), stored(SUBJECT));
      await().atMost(PATIENCE).until(() -> rig.publisher().check().healthy());
    }
  }

  @Test
  void anEventLargerThanTheStreamTakesIsLostAlone() throws Exception {
    other.createStream(stream().maximumMessageSize(500));
    try (PublisherRig rig = new PublisherRig(server.url(), JetStreamMode.AUTO)) {
      TestWorker worker = rig.worker();
      worker.give("a", 0, 10, SUBJECT);
      worker.give(TestWorker.event("b", 0, SUBJECT, new byte[600]));
      worker.give("a", 10, 20, SUBJECT);
      await().atMost(PATIENCE).until(() -> worker.settled() == 21);
      assertEquals(ids("a", 20), stored(SUBJECT));
      assertEquals(List.of(Encoded.id("b", 1, 0)), worker.lost());
      assertEquals(List.of(Loss.TOO_LARGE), worker.reasons());
    }
  }

  @Test
  void eventsWaitForAStreamThatIsMissingWhenTheyMustGoIntoOne() throws Exception {
    try (PublisherRig rig = new PublisherRig(server.url(), JetStreamMode.ON)) {
      TestWorker worker = rig.worker();
      worker.give("a", 0, 100, SUBJECT);
      rig.awaitTrouble("subject " + SUBJECT + ": no stream takes it, or JetStream is off");
      assertEquals(0, worker.settled());
      other.createStream(stream());
      awaitPublished(worker, 100);
      assertEquals(ids("a", 100), stored(SUBJECT));
    }
  }

  @Test
  void eventsGoWithoutAcksAgainWhenTheirStreamIsGone() throws Exception {
    other.createStream(stream());
    try (PublisherRig rig = new PublisherRig(server.url(), JetStreamMode.AUTO)) {
      TestWorker worker = rig.worker();
      worker.give("a", 0, 100, SUBJECT);
      awaitPublished(worker, 100);
      other.streams().deleteStream(STREAM);
      List<String> arrived = other.subscribe(SUBJECT);
      worker.give("a", 100, 200, SUBJECT);
      awaitPublished(worker, 200);
      await().atMost(PATIENCE).until(() -> arrived.containsAll(ids("a", 200).subList(100, 200)));
    }
  }

  @Test
  void aChannelThatGivesUpHandsBackWhatNoStreamHas() throws Exception {
    try (PublisherRig rig = new PublisherRig(server.url(), JetStreamMode.ON)) {
      TestWorker worker = rig.worker();
      // In one piece: with its trouble the channel takes no more.
      worker.give("a", 0, 50, SUBJECT);
      rig.awaitTrouble("no stream takes it");
      List<Outgoing> left = worker.abandon();
      assertEquals(ids("a", 50), left.stream().map(event -> event.event().id()).toList());
      assertEquals(0, worker.settled());
    }
  }

  private static StreamConfiguration.Builder stream() {
    return StreamConfiguration.builder()
        .name(STREAM)
        .subjects("events.>")
        .storageType(StorageType.File);
  }

  private static void awaitPublished(TestWorker worker, int count) {
    await().atMost(PATIENCE).until(() -> worker.published().size() == count);
    assertEquals(List.of(), worker.lost());
  }

  static List<String> ids(String collector, int count) {
    return LongStream.range(0, count).mapToObj(seq -> Encoded.id(collector, 1, seq)).toList();
  }

  private List<String> stored(String subject) throws Exception {
    // The other one may still be on its way back to a server that was killed.
    try (OtherClient reading = new OtherClient(server.url())) {
      return reading.stored(STREAM, subject);
    }
  }
}
