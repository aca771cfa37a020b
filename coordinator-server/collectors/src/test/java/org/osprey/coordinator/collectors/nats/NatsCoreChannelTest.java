package org.osprey.coordinator.collectors.nats;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.osprey.coordinator.collectors.nats.NatsStreamChannelTest.ids;
import static org.osprey.coordinator.collectors.nats.PublisherRig.PATIENCE;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.osprey.coordinator.collectors.flow.Channel.Loss;
import org.osprey.coordinator.nats.NatsConnectionSettings;
import org.osprey.coordinator.nats.NatsServer;
import org.osprey.coordinator.nats.TcpProxy;

/** What is promised without streams: at most once, and every loss counted. */
class NatsCoreChannelTest {
  private static final String SUBJECT = "events.one";
  private static final int MANY = 50_000;

  private static final String LOGINS =
      """
      authorization: {users: [
        {user: "other", password: "secret"},
        {user: "ann", password: "secret", permissions: {publish: {deny: ["denied.>"]}}}]}
      """;

  @Test
  void eventsOfASubjectThatNoStreamTakesArriveInOrder() throws Exception {
    try (NatsServer server = NatsServer.start();
        OtherClient other = new OtherClient(server.url());
        PublisherRig rig = new PublisherRig(server.url(), JetStreamMode.AUTO)) {
      List<String> arrived = other.subscribe(SUBJECT);
      TestWorker worker = rig.worker();
      worker.give("a", 0, MANY, SUBJECT);
      await().atMost(PATIENCE).until(() -> worker.settled() == MANY);
      await().atMost(PATIENCE).until(() -> arrived.size() == MANY);
      assertEquals(ids("a", MANY), worker.published());
      assertEquals(ids("a", MANY), arrived);
      assertEquals(0, rig.publisher().stats().publishErrors());
    }
  }

  @Test
  void aServerWithoutStreamsIsPublishedToAsItIs() throws Exception {
    try (NatsServer server = NatsServer.start("jetstream: false");
        OtherClient other = new OtherClient(server.url());
        PublisherRig rig = new PublisherRig(server.url(), JetStreamMode.AUTO)) {
      List<String> arrived = other.subscribe(SUBJECT);
      TestWorker worker = rig.worker();
      worker.give("a", 0, 1_000, SUBJECT);
      await().atMost(PATIENCE).until(() -> arrived.size() == 1_000);
      await().atMost(PATIENCE).until(() -> worker.settled() == 1_000);
      assertTrue(rig.publisher().check().healthy(), () -> rig.publisher().check().detail());
    }
  }

  @Test
  void eventsInDoubtAreLostAndNeverSentAgainWhenTheServerVanishes() throws Exception {
    try (NatsServer server = NatsServer.start();
        TcpProxy proxy = new TcpProxy(server.port());
        OtherClient other = new OtherClient(server.url());
        PublisherRig rig = new PublisherRig(proxy.url(), JetStreamMode.OFF)) {
      List<String> arrived = other.subscribe(SUBJECT);
      TestWorker worker = rig.worker();
      worker.give("a", 0, MANY / 2, SUBJECT);
      await().atMost(PATIENCE).until(() -> worker.settled() > 0);
      proxy.cut();
      worker.give("a", MANY / 2, MANY, SUBJECT);
      await().atMost(PATIENCE).until(() -> !rig.publisher().stats().connected());
      proxy.heal();
      await().atMost(PATIENCE).until(() -> worker.settled() == MANY);
      await().atMost(PATIENCE).until(() -> arrived.containsAll(worker.published()));
      assertFalse(worker.lost().isEmpty());
      assertNothingTwice(worker, arrived);
      assertEquals(worker.lost().size(), rig.publisher().stats().unconfirmedLost());
    }
  }

  @Test
  void everyEventIsPublishedOrLostOnceWhenTheServerIsKilled() throws Exception {
    try (NatsServer server = NatsServer.start();
        OtherClient other = new OtherClient(server.url());
        PublisherRig rig = new PublisherRig(server.url(), JetStreamMode.OFF)) {
      List<String> arrived = other.subscribe(SUBJECT);
      TestWorker worker = rig.worker();
      worker.give("a", 0, MANY / 2, SUBJECT);
      await().atMost(PATIENCE).until(() -> worker.settled() > 0);
      server.freeze();
      worker.give("a", MANY / 2, MANY, SUBJECT);
      await().atMost(PATIENCE).until(() -> rig.publisher().stats().inFlight() > 0);
      server.kill();
      await().atMost(PATIENCE).until(() -> !rig.publisher().stats().connected());
      server.restart();
      await().atMost(PATIENCE).until(() -> worker.settled() == MANY);
      assertNothingTwice(worker, arrived);
    }
  }

  @Test
  void anEventLargerThanTheServerTakesIsLostAndTheConnectionStays() throws Exception {
    try (NatsServer server = NatsServer.start("max_payload: 1000");
        PublisherRig rig = new PublisherRig(server.url(), JetStreamMode.OFF)) {
      TestWorker worker = rig.worker();
      worker.give("a", 0, 10, SUBJECT);
      worker.give(TestWorker.event("b", 0, SUBJECT, new byte[1001]));
      worker.give("a", 10, 20, SUBJECT);
      await().atMost(PATIENCE).until(() -> worker.settled() == 21);
      assertEquals(ids("a", 20), worker.published());
      assertEquals(List.of(Loss.TOO_LARGE), worker.reasons());
      assertEquals(0, rig.publisher().stats().reconnects());
    }
  }

  @Test
  void aSubjectThatTheLoginMayNotUseIsNamedAndItsEventsAreLost() throws Exception {
    try (NatsServer server = NatsServer.start(LOGINS);
        PublisherRig rig = new PublisherRig(ann(server, "secret"), JetStreamMode.OFF, 5)) {
      TestWorker worker = rig.worker();
      for (long seq = 0; seq < 100; seq++) {
        worker.give(TestWorker.event("a", seq, SUBJECT));
        worker.give(TestWorker.event("b", seq, "denied.one"));
      }
      await().atMost(PATIENCE).until(() -> worker.settled() == 200);
      assertEquals(ids("a", 100), worker.published());
      assertEquals(ids("b", 100), worker.lost());
      assertEquals(Set.of(Loss.REFUSED), Set.copyOf(worker.reasons()));
      rig.awaitTrouble("subject denied.one: the server refuses it");
    }
  }

  @Test
  void aStreamSubjectThatTheLoginMayNotUseIsWaitedForAndNamed() throws Exception {
    try (NatsServer server = NatsServer.start(LOGINS);
        PublisherRig rig = new PublisherRig(ann(server, "secret"), JetStreamMode.ON, 5)) {
      TestWorker worker = rig.worker();
      worker.give("b", 0, 1, "denied.one");
      rig.awaitTrouble("Permissions Violation for Publish to \"denied.one\"");
      assertEquals(0, worker.settled());
    }
  }

  @Test
  void aWrongLoginIsNamedByItsSettingAndTriedForEver() throws Exception {
    try (NatsServer server = NatsServer.start(LOGINS);
        PublisherRig rig = new PublisherRig(ann(server, "wrong"), JetStreamMode.OFF, 2)) {
      assertTrue(rig.publisher().check().healthy(), "unhealthy before two tries failed");
      rig.awaitTrouble("orchestrator.nats.username=ann: login refused");
      TestWorker worker = rig.worker();
      worker.give("a", 0, 1, SUBJECT);
      server.kill();
      server.configure(LOGINS.replace("secret", "wrong"));
      server.restart();
      await().atMost(PATIENCE).until(() -> worker.settled() == 1);
      assertTrue(rig.publisher().check().healthy(), rig.publisher().check()::detail);
    }
  }

  private static NatsConnectionSettings ann(NatsServer server, String password) {
    return NatsConnectionSettings.of(server.url()).withUser("ann", password);
  }

  /** Each event has one end, and arrives once at most. */
  private static void assertNothingTwice(TestWorker worker, List<String> arrived) {
    Set<String> ends = new HashSet<>(worker.published());
    ends.addAll(worker.lost());
    assertEquals(Set.copyOf(ids("a", MANY)), ends);
    assertEquals(MANY, worker.settled());
    assertEquals(Set.of(Loss.UNCONFIRMED), Set.copyOf(worker.reasons()));
    List<String> all = List.copyOf(arrived);
    assertEquals(all.size(), Set.copyOf(all).size());
  }
}
