package org.osprey.coordinator.streams;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.osprey.coordinator.streams.Commands.get;
import static org.osprey.coordinator.streams.Commands.pause;
import static org.osprey.coordinator.streams.Commands.update;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.osprey.coordinator.proto.streams.v1.Result;
import org.osprey.coordinator.streams.InMemoryTransport.Hub;
import org.osprey.coordinator.streams.Transport.Watch;

class InMemoryTransportTest implements TransportContract {

  @Override
  public TransportRig rig() {
    return new Rig();
  }

  @Test
  void listenersAreToldOnTheThreadThatPublishes() throws Exception {
    InMemoryTransport transport = new InMemoryTransport();
    List<Thread> threads = new ArrayList<>();
    Watch watch = get(transport.watch("s", update -> threads.add(Thread.currentThread())));
    transport.publish(update("s", 1));
    watch.close();
    transport.publish(update("s", 2));
    assertEquals(List.of(Thread.currentThread()), threads);
  }

  @Test
  void aListenerMayCloseItselfAndBringOthersWhileItIsTold() throws Exception {
    InMemoryTransport transport = new InMemoryTransport();
    List<Long> late = new ArrayList<>();
    List<Watch> own = new ArrayList<>();
    own.add(
        get(
            transport.watch(
                "s",
                update -> {
                  own.getFirst().close();
                  own.add(add(transport, late));
                })));
    transport.publish(update("s", 1));
    transport.publish(update("s", 2));
    assertEquals(List.of(2L), late);
    assertEquals(2, own.size());
  }

  @Test
  void aloneItIsItsOwnHub() throws Exception {
    InMemoryTransport transport = new InMemoryTransport();
    transport.serve(new RecordedStreams("a"));
    assertEquals(Result.RESULT_OK, get(transport.streams().command(pause("s"))).getResult());
    assertEquals(
        Result.RESULT_UNAVAILABLE,
        get(new InMemoryTransport().streams().command(pause("s"))).getResult());
  }

  private static Watch add(Transport transport, List<Long> told) {
    return transport.watch("s", update -> told.add(update.getSeq())).toCompletableFuture().join();
  }

  private static final class Rig implements TransportRig {
    private final Hub hub = new Hub();

    @Override
    public Node node(@Nullable StreamCommands served, @Nullable String instance) {
      InMemoryTransport transport = new InMemoryTransport(hub);
      if (served != null) {
        transport.serve(served);
      }
      if (instance != null) {
        transport.serveAs(instance, new RecordedStreams(instance));
      }
      transport.start();
      return Node.of(transport);
    }

    @Override
    public void close() {}
  }
}
