package org.osprey.coordinator.streams;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import com.google.errorprone.annotations.ThreadSafe;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.osprey.coordinator.core.Check;
import org.osprey.coordinator.core.Component;
import org.osprey.coordinator.core.Figures;
import org.osprey.coordinator.core.Measured;
import org.osprey.coordinator.core.Submissions;
import org.osprey.coordinator.core.Supervised;
import org.osprey.coordinator.core.SupervisedLoop;
import org.osprey.coordinator.core.Ticker;
import org.osprey.coordinator.proto.streams.v1.CommandReply;
import org.osprey.coordinator.proto.streams.v1.ListStreamsReply;
import org.osprey.coordinator.proto.streams.v1.ListStreamsRequest;
import org.osprey.coordinator.proto.streams.v1.OrchestratorCommand;
import org.osprey.coordinator.proto.streams.v1.Result;
import org.osprey.coordinator.proto.streams.v1.StreamView;
import org.osprey.coordinator.proto.streams.v1.SubscriptionCommand;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Runs the streams of the partitions that this coordinator has, spread over its shards. */
@ThreadSafe
public final class StreamEngine
    implements StreamCommands, Ownership.Listener, Component, Supervised, Measured {
  private static final Logger log = LoggerFactory.getLogger(StreamEngine.class);
  private static final String COMPONENT = "streams";

  /** For what is on its way into the store when a partition is given up. */
  private static final Duration LAST_WRITES = Duration.ofSeconds(2);

  private static final Duration SHARD_ANSWERS = Duration.ofSeconds(10);

  private final StreamSettings settings;

  @SuppressWarnings("ThreadSafe") // each does its work on its own thread
  private final List<Shard> shards = new ArrayList<>();

  private final SceneActions actions;

  @SuppressWarnings("ThreadSafe") // what it names is
  private final StreamContext context;

  /** By the number of the result. */
  private final AtomicLongArray results = new AtomicLongArray(Result.values().length);

  /**
   * @param instance the name of this coordinator among those that share streams
   * @param transport where updates go
   * @param submissions takes the actions of scenes
   */
  public StreamEngine(
      StreamSettings settings,
      String instance,
      Transport transport,
      SnapshotStore store,
      Ownership ownership,
      Submissions submissions,
      Ticker ticker,
      InstantSource clock,
      RandomGenerator random) {
    this.settings = settings;
    actions = new SceneActions(submissions, ticker, clock, random);
    context =
        new StreamContext(
            settings,
            instance,
            ticker,
            clock,
            transport::publish,
            store,
            ownership::heldUntil,
            actions,
            this::hasRoomForStreams,
            this::hasRoomForWatchers);
    for (int i = 0; i < settings.shards(); i++) {
      shards.add(new Shard(i, context));
    }
  }

  private boolean hasRoomForStreams() {
    return shards.stream().mapToInt(shard -> shard.streams().count()).sum() < settings.maxStreams();
  }

  /** By counts that may be a second old. */
  private boolean hasRoomForWatchers() {
    return shards.stream().mapToLong(shard -> shard.stats().watchers()).sum()
        < settings.maxWatchers();
  }

  @Override
  public void start() {
    shards.forEach(Shard::start);
    actions.start();
  }

  List<Shard> shards() {
    return shards;
  }

  SceneActions actions() {
    return actions;
  }

  private Shard shard(int partition) {
    return shards.get(partition % shards.size());
  }

  // Commands

  @Override
  public CompletionStage<CommandReply> command(OrchestratorCommand command) {
    String streamId = StreamIds.of(command);
    return answered(streamId, () -> shard(Hold.partitionOf(streamId)).command(streamId, command));
  }

  @Override
  public CompletionStage<CommandReply> subscription(SubscriptionCommand command) {
    String streamId = StreamIds.of(command);
    return answered(
        streamId, () -> shard(Hold.partitionOf(streamId)).subscription(streamId, command));
  }

  private CompletionStage<CommandReply> answered(
      String streamId, Supplier<CompletionStage<CommandReply>> valid) {
    String problem = StreamIds.problem(streamId);
    CompletionStage<CommandReply> reply =
        problem == null
            ? valid.get()
            : CompletableFuture.completedFuture(Answer.of(Result.RESULT_INVALID, problem).reply());
    return reply.whenComplete(
        (answer, failure) -> results.incrementAndGet(answer.getResult().getNumber()));
  }

  @Override
  public CompletionStage<ListStreamsReply> list(ListStreamsRequest request) {
    List<String> ids = firstIds(request.getAfter(), StreamLists.limit(request));
    List<CompletableFuture<List<StreamView>>> parts =
        shards.stream().map(shard -> views(shard, ids)).toList();
    return CompletableFuture.allOf(parts.toArray(CompletableFuture[]::new))
        .thenApply(nothing -> merged(parts));
  }

  /** On the caller's thread, so that no clock waits for it. */
  private List<String> firstIds(String after, int limit) {
    PriorityQueue<String> first = new PriorityQueue<>(Comparator.reverseOrder());
    for (Shard shard : shards) {
      for (String id : shard.streams().ids()) {
        if (id.compareTo(after) > 0 && (first.size() < limit || id.compareTo(first.peek()) < 0)) {
          first.add(id);
          if (first.size() > limit) {
            first.remove();
          }
        }
      }
    }
    return List.copyOf(first);
  }

  private CompletableFuture<List<StreamView>> views(Shard shard, List<String> ids) {
    return CompletableFuture.supplyAsync(
        () -> {
          List<StreamView> views = new ArrayList<>();
          shard.streams().view(ids, views);
          return views;
        },
        shard);
  }

  private static ListStreamsReply merged(List<CompletableFuture<List<StreamView>>> parts) {
    List<StreamView> views = new ArrayList<>();
    parts.forEach(part -> views.addAll(part.join()));
    views.sort(Comparator.comparing(view -> view.getState().getStreamId()));
    return ListStreamsReply.newBuilder().addAllStreams(views).build();
  }

  // Partitions

  @Override
  public void acquired(Hold hold, List<Snapshot> streams) {
    Shard shard = shard(hold.partition());
    await(CompletableFuture.runAsync(() -> shard.streams().acquired(hold, streams), shard));
  }

  @Override
  public void lost(Hold hold) {
    Shard shard = shard(hold.partition());
    CompletableFuture<Void> arrived = new CompletableFuture<>();
    shard.execute(() -> shard.streams().lose(hold, arrived));
    if (context.isCurrent(hold, context.now())) {
      awaitLastWrites(hold, arrived);
    }
    await(CompletableFuture.runAsync(() -> shard.streams().lost(hold.partition()), shard));
  }

  private static void awaitLastWrites(Hold hold, CompletableFuture<Void> arrived) {
    try {
      arrived.get(LAST_WRITES.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException | ExecutionException e) {
      log.warn("not all of a partition is stored: partition={}", hold.partition());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /**
   * @throws IllegalStateException when the shard does not answer
   */
  @CanIgnoreReturnValue
  private static <T extends @Nullable Object> T await(CompletableFuture<T> work) {
    try {
      return work.get(SHARD_ANSWERS.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException | ExecutionException e) {
      throw new IllegalStateException("a shard does not do what it was asked for", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }

  // What it tells

  @Override
  public Check check() {
    int count = shards.stream().mapToInt(shard -> shard.streams().count()).sum();
    return Check.ok(COMPONENT, "streams=%d".formatted(count));
  }

  @Override
  public List<SupervisedLoop> loops() {
    List<SupervisedLoop> loops = new ArrayList<>(actions.loops());
    shards.forEach(shard -> loops.addAll(shard.loops()));
    return loops;
  }

  @Override
  public void tell(Figures figures) {
    actions.tell(figures);
    Set<String> clients = new HashSet<>();
    for (Shard shard : shards) {
      tell(shard.stats(), figures);
      clients.addAll(shard.stats().clients());
    }
    figures.gauge(
        "streams_clients", "Clients that watched streams at the last sweep.", clients.size());
    for (Result result : Result.values()) {
      if (result != Result.UNRECOGNIZED && result != Result.RESULT_UNSPECIFIED) {
        figures.counter(
            "streams_commands",
            "Commands and subscriptions that were answered.",
            results.get(result.getNumber()),
            "result",
            result.name().replace("RESULT_", "").toLowerCase(Locale.ROOT));
      }
    }
  }

  private static void tell(ShardCounts.Stats stats, Figures figures) {
    for (Mode mode : Mode.values()) {
      long count = stats.modes().getOrDefault(mode, 0L);
      figures.gauge("streams", "Scheduled streams.", count, "mode", mode.text());
    }
    figures.gauge("streams_watchers", "Connections that watch streams.", stats.watchers());
    figures.gauge(
        "streams_watchers_stale",
        "Those that the last sweep found silent for too long, and removed.",
        stats.stale());
    figures.gauge("streams_waiting", "Commands that wait for a shard.", stats.waiting());
    figures.counter("streams_updates", "States that were told.", stats.updates());
    figures.histogram(
        "streams_lateness_seconds",
        "How much later than they should ticks and ends of scenes came.",
        stats.lateness());
  }

  /** What is ours was given up before, by who knows which partitions that is. */
  @Override
  public void close() {
    actions.close();
    shards.forEach(Shard::close);
  }
}
