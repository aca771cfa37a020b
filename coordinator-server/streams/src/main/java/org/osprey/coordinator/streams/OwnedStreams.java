package org.osprey.coordinator.streams;

import static org.osprey.coordinator.proto.streams.v1.Result.RESULT_INVALID;
import static org.osprey.coordinator.proto.streams.v1.Result.RESULT_TOO_MANY;
import static org.osprey.coordinator.proto.streams.v1.Result.RESULT_UNKNOWN;
import static org.osprey.coordinator.proto.streams.v1.Result.RESULT_UNKNOWN_STREAM;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;
import org.osprey.coordinator.core.TimerWheel;
import org.osprey.coordinator.proto.streams.v1.CommandReply;
import org.osprey.coordinator.proto.streams.v1.OrchestratorCommand;
import org.osprey.coordinator.proto.streams.v1.StateUpdate;
import org.osprey.coordinator.proto.streams.v1.StreamView;
import org.osprey.coordinator.proto.streams.v1.SubscriptionCommand;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The streams of one shard, by their ids, and the partitions that they belong to. All but {@link
 * #ids} and {@link #admission} belongs to the shard's thread.
 */
final class OwnedStreams implements Stage {
  private static final Logger log = LoggerFactory.getLogger(OwnedStreams.class);
  private static final int MOST_PENDING = 1_000;

  private final StreamContext context;
  private final TimerWheel<Alarm> wheel;
  private final ShardCounts counts;
  private final Saves saves;
  private final EarlyWatchers early = new EarlyWatchers(this);

  /** Written by the shard's thread alone. */
  private final Map<String, ScheduledStream> streams = new ConcurrentHashMap<>();

  private final Holds holds;

  /**
   * @param shard runs on the shard's thread what is not for others
   */
  OwnedStreams(StreamContext context, TimerWheel<Alarm> wheel, ShardCounts counts, Executor shard) {
    this.context = context;
    this.wheel = wheel;
    this.counts = counts;
    saves = new Saves(context.store(), shard);
    holds = new Holds(context);
  }

  /** Any thread. */
  Iterable<String> ids() {
    return streams.keySet();
  }

  /** Any thread. */
  int count() {
    return streams.size();
  }

  /** Any thread; null when there is no such stream. */
  @Nullable Admission admission(String streamId) {
    ScheduledStream stream = streams.get(streamId);
    return stream == null ? null : stream.admission();
  }

  Iterable<ScheduledStream> all() {
    return streams.values();
  }

  // Commands

  void carryOut(
      String streamId, OrchestratorCommand command, CompletableFuture<CommandReply> reply) {
    long now = context.now();
    Hold hold = holds.of(streamId, now);
    if (hold == null) {
      reply.complete(Answer.NOT_OWNER.reply());
      return;
    }
    ScheduledStream stream = find(streamId, hold, now);
    if (stream == null) {
      tryToCreate(streamId, hold, command, reply, now);
    } else {
      steer(stream, command, reply, now);
    }
  }

  private void steer(
      ScheduledStream stream,
      OrchestratorCommand command,
      CompletableFuture<CommandReply> reply,
      long now) {
    try {
      Answer answer = Steering.apply(stream, command, now);
      CommandReply.Builder built = answer.reply().toBuilder().setState(stream.state(now));
      if (command.hasInspect()) {
        built.setView(view(stream, now));
      }
      if (answer.isOk() && !command.hasInspect()) {
        saves.answer(stream.id(), reply, built.build());
      } else {
        reply.complete(built.build());
      }
    } catch (RuntimeException e) {
      log.error("command failed: stream_id={}", stream.id(), e);
      stream.fail(now);
      reply.complete(Answer.of(RESULT_UNKNOWN, "see the coordinator's log").reply());
    }
  }

  private void tryToCreate(
      String streamId,
      Hold hold,
      OrchestratorCommand command,
      CompletableFuture<CommandReply> reply,
      long now) {
    if (!command.hasStart() || !command.getStart().hasConfig()) {
      reply.complete(unknownStream());
      return;
    }
    if (!context.roomForStreams().getAsBoolean()) {
      reply.complete(
          Answer.of(RESULT_TOO_MANY, "there are as many streams as may be: streams.maxStreams")
              .reply());
      return;
    }
    try {
      create(streamId, hold, StreamConfig.of(command.getStart().getConfig()), reply, now);
    } catch (InvalidConfigException e) {
      reply.complete(Answer.of(RESULT_INVALID, String.valueOf(e.getMessage())).reply());
    }
  }

  private void create(
      String streamId,
      Hold hold,
      StreamConfig config,
      CompletableFuture<CommandReply> reply,
      long now) {
    ScheduledStream stream = make(streamId, hold, config, 1, now);
    stream.begin(now);
    saves.changed(stream, now);
    early.join(streamId);
    saves.answer(
        streamId, reply, Answer.OK.reply().toBuilder().setState(stream.state(now)).build());
  }

  void carryOut(
      String streamId, SubscriptionCommand command, CompletableFuture<CommandReply> reply) {
    long now = context.now();
    Hold hold = holds.of(streamId, now);
    if (hold == null) {
      reply.complete(Answer.NOT_OWNER.reply());
      return;
    }
    ScheduledStream stream = find(streamId, hold, now);
    if (stream != null) {
      subscribe(stream, command, reply, now);
      return;
    }
    boolean parked =
        command.hasRegister()
            && early.park(
                streamId,
                command,
                parkedOne -> carryOut(streamId, parkedOne, reply),
                () -> reply.complete(unknownStream()),
                now);
    if (!parked) {
      reply.complete(unknownStream());
    }
  }

  private void subscribe(
      ScheduledStream stream,
      SubscriptionCommand command,
      CompletableFuture<CommandReply> reply,
      long now) {
    Answer answer =
        command.hasRegister() && !context.roomForWatchers().getAsBoolean()
            ? Answer.of(
                RESULT_TOO_MANY, "there are as many watchers as may be: streams.maxWatchers")
            : Steering.apply(stream, command, now);
    reply.complete(answer.reply().toBuilder().setState(stream.state(now)).build());
  }

  private static CommandReply unknownStream() {
    return Answer.of(RESULT_UNKNOWN_STREAM, "stream_id: there is no such stream").reply();
  }

  // Streams that come and go

  /** The stream; one that is on its way out comes back as it was. */
  private @Nullable ScheduledStream find(String streamId, Hold hold, long now) {
    ScheduledStream stream = streams.get(streamId);
    Snapshot leaving = stream == null ? saves.leaving(streamId) : null;
    if (leaving == null) {
      return stream;
    }
    ScheduledStream back = restore(hold, leaving, now);
    if (back != null) {
      saves.changed(back, now);
    }
    return back;
  }

  private ScheduledStream make(
      String streamId, Hold hold, StreamConfig config, long run, long now) {
    Admission admission = new Admission(MOST_PENDING, settings().commandRate(), now);
    ScheduledStream stream =
        new ScheduledStream(streamId, hold, holds.nextEpoch(hold), config, run, this, admission);
    streams.put(streamId, stream);
    return stream;
  }

  private @Nullable ScheduledStream restore(Hold hold, Snapshot snapshot, long now) {
    try {
      StreamConfig config = StreamConfig.of(snapshot.config());
      ScheduledStream stream = make(snapshot.streamId(), hold, config, snapshot.run(), now);
      stream.restore(snapshot, now);
      return stream;
    } catch (InvalidConfigException | IllegalArgumentException e) {
      log.warn(
          "stored stream left out: stream_id={} cause=\"{}\"", snapshot.streamId(), e.getMessage());
      streams.remove(snapshot.streamId());
      return null;
    }
  }

  private void remove(ScheduledStream stream, long now) {
    stream.end(now);
    streams.remove(stream.id());
  }

  /** Looks for watchers that were silent for too long, and counts them before. */
  void sweep(long now) {
    long staleSince = now - settings().stale().toNanos();
    long stale = 0;
    Set<String> clients = new HashSet<>();
    for (ScheduledStream stream : streams.values()) {
      StreamWatchers watchers = stream.audience().watchers();
      stale += watchers.stale(staleSince);
      stream.audience().sweep(now);
      watchers.addClients(clients);
    }
    counts.swept(stale, clients);
  }

  // Partitions

  void acquired(Hold hold, List<Snapshot> snapshots) {
    long now = context.now();
    holds.acquire(hold);
    for (Snapshot snapshot : snapshots) {
      ScheduledStream unused = restore(hold, snapshot, now);
    }
  }

  /**
   * Nothing of the partition changes any more.
   *
   * @param arrived completed when what has changed before is stored, or has failed
   */
  void lose(Hold hold, CompletableFuture<Void> arrived) {
    long now = context.now();
    saves.flush(now);
    holds.release(hold);
    for (ScheduledStream stream : streams.values()) {
      if (stream.hold().partition() == hold.partition()) {
        remove(stream, now);
      }
    }
    CompletableFuture<Boolean> unused =
        saves.arrived(hold.partition()).thenApply(arrived::complete);
  }

  /** Nothing of the partition is answered or tried any more. */
  void lost(int partition) {
    saves.lost(partition);
  }

  /** Has written what has changed. */
  void flush(long now) {
    saves.flush(now);
  }

  // Views

  void view(List<String> ids, List<StreamView> into) {
    long now = context.now();
    for (String id : ids) {
      ScheduledStream stream = streams.get(id);
      if (stream != null) {
        into.add(view(stream, now));
      }
    }
  }

  private StreamView view(ScheduledStream stream, long now) {
    return StreamView.newBuilder()
        .setState(stream.state(now))
        .setConfig(stream.config().message())
        .setSubscribers(stream.audience().watchers().counts(now - settings().stale().toNanos()))
        .setInstance(context.instance())
        .build();
  }

  // What streams need

  @Override
  public void arm(Alarm alarm, long at) {
    wheel.arm(alarm, at);
  }

  @Override
  public void disarm(Alarm alarm) {
    wheel.disarm(alarm);
  }

  @Override
  public void publish(ScheduledStream stream, StateUpdate update) {
    if (context.isCurrent(stream.hold(), context.now())) {
      counts.updated();
      context.updates().accept(update);
    }
  }

  @Override
  public void changed(ScheduledStream stream) {
    saves.changed(stream, context.now());
  }

  @Override
  public void offer(Scene.SceneAction action, long actionId) {
    context.actions().offer(action, actionId);
  }

  @Override
  public void abandoned(ScheduledStream stream) {
    long now = context.now();
    saves.abandoned(stream, stream.snapshot(now), now);
    remove(stream, now);
  }

  @Override
  public void late(long nanos) {
    counts.late(nanos);
  }

  @Override
  public long wallMillis() {
    return context.clock().millis();
  }

  @Override
  public StreamSettings settings() {
    return context.settings();
  }
}
