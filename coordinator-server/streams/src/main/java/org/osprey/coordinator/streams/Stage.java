package org.osprey.coordinator.streams;

import org.osprey.coordinator.proto.streams.v1.StateUpdate;

/** What a stream needs of the shard that it belongs to. */
interface Stage {

  /** Sets the time of an alarm, in nanoseconds of the ticker. */
  void arm(Alarm alarm, long at);

  void disarm(Alarm alarm);

  void publish(ScheduledStream stream, StateUpdate update);

  /** The stream changed in a way that must outlive the coordinator. */
  void changed(ScheduledStream stream);

  /** A scene with an action has begun. */
  void offer(Scene.SceneAction action, long actionId);

  /** Nobody has watched for so long that it is not needed any more. */
  void abandoned(ScheduledStream stream);

  /** A tick, or the end of a scene, came so many nanoseconds after its time. */
  void late(long nanos);

  /** Milliseconds since 1970. */
  long wallMillis();

  StreamSettings settings();
}
