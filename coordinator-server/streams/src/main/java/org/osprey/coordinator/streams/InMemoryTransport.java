package org.osprey.coordinator.streams;

import com.google.errorprone.annotations.ThreadSafe;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.osprey.coordinator.core.Check;
import org.osprey.coordinator.core.Component;
import org.osprey.coordinator.proto.streams.v1.CommandReply;
import org.osprey.coordinator.proto.streams.v1.ListStreamsReply;
import org.osprey.coordinator.proto.streams.v1.ListStreamsRequest;
import org.osprey.coordinator.proto.streams.v1.OrchestratorCommand;
import org.osprey.coordinator.proto.streams.v1.StateUpdate;
import org.osprey.coordinator.proto.streams.v1.SubscriptionCommand;

/**
 * Streams and watchers in one process. Commands go straight to who serves, and listeners are told
 * on the thread that publishes.
 */
@ThreadSafe
public final class InMemoryTransport implements Transport, Peers, Component {
  private static final String COMPONENT = "streams transport";

  private final Hub hub;
  private volatile @Nullable StreamCommands served;
  private volatile @Nullable Peer self;

  /** Where coordinators of one process meet. */
  @ThreadSafe
  public static final class Hub {
    @SuppressWarnings("ThreadSafe") // what serves is
    private final List<StreamCommands> serving = new CopyOnWriteArrayList<>();

    @SuppressWarnings("ThreadSafe") // as above
    private final ConcurrentHashMap<String, StreamCommands> peers = new ConcurrentHashMap<>();

    private final UpdateListeners listeners = new UpdateListeners();
    private final AtomicInteger turn = new AtomicInteger();

    /** Each in its turn, so that all get some. */
    private StreamCommands next() {
      List<StreamCommands> all = List.copyOf(serving);
      return all.isEmpty()
          ? new NobodyServes("no coordinator serves streams in this process")
          : all.get(Math.floorMod(turn.getAndIncrement(), all.size()));
    }

    private StreamCommands peer(String instance) {
      StreamCommands found = peers.get(instance);
      return found != null
          ? found
          : new NobodyServes("no coordinator %s in this process".formatted(instance));
    }
  }

  private record Peer(String instance, StreamCommands owned) {}

  /** Alone. */
  public InMemoryTransport() {
    this(new Hub());
  }

  /**
   * @param hub shared with the other coordinators
   */
  public InMemoryTransport(Hub hub) {
    this.hub = hub;
  }

  @Override
  public void serve(StreamCommands streams) {
    served = streams;
    hub.serving.add(streams);
  }

  @Override
  public void serveAs(String instance, StreamCommands owned) {
    self = new Peer(instance, owned);
    hub.peers.put(instance, owned);
  }

  @Override
  public StreamCommands streams() {
    return new Way(hub::next);
  }

  @Override
  public StreamCommands peer(String instance) {
    return new Way(() -> hub.peer(instance));
  }

  @Override
  public void publish(StateUpdate update) {
    hub.listeners.tell(update);
  }

  @Override
  public CompletionStage<Watch> watch(String streamId, Consumer<StateUpdate> listener) {
    String problem = StreamIds.problem(streamId);
    return problem == null
        ? CompletableFuture.completedStage(hub.listeners.add(streamId, listener))
        : CompletableFuture.failedStage(new IllegalArgumentException(problem));
  }

  @Override
  public Check check() {
    return Check.ok(COMPONENT, "in memory");
  }

  /** Commands do not come here any more. */
  @Override
  public void close() {
    StreamCommands gone = served;
    if (gone != null) {
      hub.serving.remove(gone);
    }
    Peer own = self;
    if (own != null) {
      hub.peers.remove(own.instance, own.owned);
    }
  }

  /** Looks anew each time who is there. */
  private record Way(Supplier<StreamCommands> next) implements StreamCommands {

    @Override
    public CompletionStage<CommandReply> command(OrchestratorCommand command) {
      return next.get().command(command);
    }

    @Override
    public CompletionStage<CommandReply> subscription(SubscriptionCommand command) {
      return next.get().subscription(command);
    }

    @Override
    public CompletionStage<ListStreamsReply> list(ListStreamsRequest request) {
      return next.get().list(request);
    }
  }
}
