package org.osprey.coordinator.streams.gateway;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.osprey.coordinator.core.Backoff;
import org.osprey.coordinator.proto.streams.v1.CommandReply;
import org.osprey.coordinator.proto.streams.v1.HeartbeatCommand;
import org.osprey.coordinator.proto.streams.v1.RegisterCommand;
import org.osprey.coordinator.proto.streams.v1.Result;
import org.osprey.coordinator.proto.streams.v1.StateUpdate;
import org.osprey.coordinator.proto.streams.v1.SubscriptionCommand;
import org.osprey.coordinator.proto.streams.v1.UnregisterCommand;
import org.osprey.coordinator.streams.StreamCommands;

/**
 * What a stream knows of one watcher: registers it, says that it lives, and unregisters it, each
 * until it is answered. Belongs to the pump.
 */
final class Membership {
  private static final Duration FIRST_RETRY = Duration.ofMillis(200);
  private static final Duration LONGEST_RETRY = Duration.ofSeconds(10);

  private final RegisterCommand who;
  private final StreamCommands streams;
  private final GatewaySettings settings;
  private final Owner owner;
  private final AtomicReference<@Nullable CommandReply> reply = new AtomicReference<>();

  private Asked asked = Asked.NOTHING;
  private boolean registered;
  private boolean mayBeRegistered;
  private boolean leaving;
  private boolean gone;
  private int failures;
  private long retryAt;
  private long beatAt;
  private long leftAt;

  /** The newest one in which the stream was asked to take the watcher. */
  private long epoch;

  /** Hears of it. */
  interface Owner {
    /** There is a reply, to be taken by the next step. Any thread. */
    void answered();

    /** The stream has the watcher, and stands so. */
    void registered(StateUpdate state);

    /** The stream is no more. */
    void streamEnded();

    /** The stream does not take the watcher. */
    void refused(String message);
  }

  private enum Asked {
    NOTHING,
    REGISTER,
    HEARTBEAT,
    UNREGISTER
  }

  Membership(RegisterCommand who, StreamCommands streams, GatewaySettings settings, Owner owner) {
    this.who = who;
    this.streams = streams;
    this.settings = settings;
    this.owner = owner;
  }

  /**
   * Does what is due.
   *
   * @param heardAt when the watcher last gave a sign of life
   * @param random in [0, 1)
   */
  void step(long now, long heardAt, double random) {
    take(now, random);
    if (asked != Asked.NOTHING || gone || now - retryAt < 0) {
      return;
    }
    if (leaving) {
      unregister(now);
    } else if (!registered) {
      mayBeRegistered = true;
      ask(Asked.REGISTER, SubscriptionCommand.newBuilder().setRegister(who).build());
    } else if (now - beatAt >= settings.heartbeatEvery().toNanos() && heardAt - beatAt > 0) {
      ask(Asked.HEARTBEAT, heartbeat());
      beatAt = now;
    }
  }

  /**
   * Whoever has the stream since a newer epoch need not know the watcher: the next step registers
   * it there.
   *
   * @return whether that is due
   */
  boolean seen(long newest, long now) {
    if (!registered || Long.compareUnsigned(newest, epoch) <= 0) {
      return false;
    }
    epoch = newest;
    registered = false;
    retryAt = now;
    return true;
  }

  /** The watcher has gone away. May be repeated. */
  void leave(long now) {
    if (!leaving) {
      leaving = true;
      leftAt = now;
      retryAt = now;
    }
  }

  /** Whether there is nothing left to do. */
  boolean isGone() {
    return gone;
  }

  /** A stream forgets a watcher that is silent, so then it makes no difference any more. */
  private void unregister(long now) {
    if (!mayBeRegistered || now - leftAt >= settings.silentAfter().toNanos()) {
      gone = true;
    } else {
      ask(Asked.UNREGISTER, unregistration());
    }
  }

  private void ask(Asked what, SubscriptionCommand command) {
    streams
        .subscription(command)
        .whenComplete(
            (answer, failure) -> {
              reply.set(failure == null ? answer : unanswered());
              owner.answered();
            });
    asked = what;
  }

  private static CommandReply unanswered() {
    return CommandReply.newBuilder().setResult(Result.RESULT_UNKNOWN).build();
  }

  private void take(long now, double random) {
    CommandReply answer = reply.getAndSet(null);
    if (answer == null) {
      return;
    }
    Asked what = asked;
    asked = Asked.NOTHING;
    switch (answer.getResult()) {
      case RESULT_OK -> took(what, answer, now);
      case RESULT_UNKNOWN_STREAM -> ended();
      case RESULT_UNSPECIFIED,
          RESULT_TOO_MANY,
          RESULT_UNAVAILABLE,
          RESULT_UNKNOWN,
          RESULT_NOT_OWNER,
          UNRECOGNIZED ->
          retry(now, random);
      case RESULT_INVALID,
          RESULT_UNKNOWN_SCENE,
          RESULT_NOT_CONFIGURED,
          RESULT_ALREADY_RUNNING,
          RESULT_CONFLICT -> {
        if (what == Asked.HEARTBEAT) {
          retry(now, random);
        } else {
          refused(answer.getMessage());
        }
      }
    }
  }

  private void took(Asked what, CommandReply answer, long now) {
    failures = 0;
    if (what == Asked.UNREGISTER) {
      gone = true;
    } else if (what == Asked.REGISTER) {
      registered = true;
      beatAt = now;
      long told = answer.getState().getEpoch();
      epoch = Long.compareUnsigned(told, epoch) > 0 ? told : epoch;
    }
    if (answer.hasState() && !leaving) {
      owner.registered(answer.getState());
    }
  }

  /** The coordinator that knew the watcher may be another by then, so it is registered again. */
  private void retry(long now, double random) {
    registered = false;
    retryAt = now + Backoff.after(failures++, FIRST_RETRY, LONGEST_RETRY, random).toNanos();
  }

  private void ended() {
    mayBeRegistered = false;
    gone = true;
    owner.streamEnded();
  }

  private void refused(String message) {
    mayBeRegistered = false;
    gone = true;
    owner.refused(message);
  }

  private SubscriptionCommand heartbeat() {
    return SubscriptionCommand.newBuilder()
        .setHeartbeat(
            HeartbeatCommand.newBuilder()
                .setStreamId(who.getStreamId())
                .setClientId(who.getClientId())
                .setSourceAddr(who.getSourceAddr()))
        .build();
  }

  private SubscriptionCommand unregistration() {
    return SubscriptionCommand.newBuilder()
        .setUnregister(
            UnregisterCommand.newBuilder()
                .setStreamId(who.getStreamId())
                .setClientId(who.getClientId())
                .setSourceAddr(who.getSourceAddr()))
        .build();
  }
}
