package org.osprey.coordinator.collectors.builtin.kubelet;

import org.jspecify.annotations.Nullable;
import org.osprey.coordinator.collectors.builtin.kubelet.PodList.Container;
import org.osprey.coordinator.collectors.builtin.kubelet.PodList.State;
import org.osprey.coordinator.collectors.builtin.kubelet.PodList.Terminated;

/**
 * A container at one poll.
 *
 * @param ended how it ended last; null when it never did
 * @param crashLoop whether it is held back because it ends again and again
 */
record ContainerState(int restarts, @Nullable Terminated ended, boolean crashLoop) {
  private static final String OOM_KILLED = "OOMKilled";
  private static final String CRASH_LOOP = "CrashLoopBackOff";

  static ContainerState of(Container container) {
    State now = container.state();
    State before = container.lastState();
    Terminated ended = now == null ? null : now.terminated();
    if (ended == null && before != null) {
      ended = before.terminated();
    }
    boolean loop =
        now != null && now.waiting() != null && CRASH_LOOP.equals(now.waiting().reason());
    return new ContainerState(container.restartCount(), ended, loop);
  }

  /** Whether it was killed for its memory since an earlier poll. */
  boolean killedSince(ContainerState earlier) {
    return ended != null && OOM_KILLED.equals(ended.reason()) && !ended.equals(earlier.ended());
  }
}
