package org.osprey.coordinator.streams.gateway;

import org.osprey.coordinator.proto.streams.v1.StateUpdate;
import org.osprey.coordinator.proto.streams.v1.StreamMode;

/** States of a stream for tests. */
final class States {
  private States() {}

  /** Running, in scene {@code scene}. */
  static StateUpdate of(String streamId, long seq, int scene, double progress) {
    return StateUpdate.newBuilder()
        .setStreamId(streamId)
        .setCurrentScene("scene " + scene)
        .setSceneIndex(scene)
        .setProgressPercentage(progress)
        .setIsRunning(true)
        .setMode(StreamMode.STREAM_MODE_RUNNING)
        .setEpoch(1)
        .setSeq(seq)
        .build();
  }
}
