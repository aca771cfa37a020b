package org.osprey.coordinator.it;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.grpc.ManagedChannel;
import io.grpc.netty.NettyChannelBuilder;
import java.nio.file.Path;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.osprey.coordinator.nats.NatsServer;

/** Events that are routed to the queue of actions reach a worker, and the others NATS. */
class CollectorActionsTest {
  private static final int EVENTS = 200;

  @TempDir private Path folder;

  @Test
  void eventsOfARouteBecomeActions() {
    Set<Long> ids = ConcurrentHashMap.newKeySet();
    Queue<String> names = new ConcurrentLinkedQueue<>();
    try (NatsServer nats = NatsServer.start();
        EventStreams subscriber = new EventStreams(nats.url())) {
      CollectedEvents published = subscriber.follow("events.>");
      try (CollectorsFixture collectors =
          new CollectorsFixture(
              folder,
              nats.url(),
              "routes: [{collector: acted, action: machine_event}]\n",
              """
              acted: {enabled: true, kind: generator, config: {rate: 1000, count: 200}}
              told: {enabled: true, kind: generator, config: {rate: 1000, count: 200}}
              """)) {
        ManagedChannel channel =
            NettyChannelBuilder.forAddress("127.0.0.1", collectors.workerPort())
                .usePlaintext()
                .build();
        try {
          RawWorker worker = RawWorker.connect(channel);
          worker.handling(
              action -> {
                ids.add(action.getActionId());
                names.add(action.getActionName());
                worker.ack(action);
              });
          await().until(() -> names.size() == EVENTS);
          await().until(() -> published.count("told") == EVENTS);
        } finally {
          channel.shutdownNow();
        }
        assertEquals(Set.of("machine_event"), Set.copyOf(names));
        assertEquals(EVENTS, ids.size());
        assertEquals(0, published.count("acted"));
      }
    }
  }
}
